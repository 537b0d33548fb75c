package minik8s.apiserver.registry;

import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.StorePaths;

/** Where the objects of a kind are stored. Stateless. */
final class Folders {
  private Folders() {}

  /** The folder of a kind; all versions of one resource share it. */
  static String of(Kind kind) {
    String stored = kind.storageGroupVersion();
    int slash = stored.indexOf('/');
    String group = slash < 0 ? "" : stored.substring(0, slash);
    return StorePaths.folder(group, kind.storagePlural(), kind.custom());
  }
}
