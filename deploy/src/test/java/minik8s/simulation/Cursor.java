package minik8s.simulation;

import java.util.Optional;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.client.Api;
import minik8s.client.WatchEvent;
import minik8s.client.informer.Informer;

/**
 * How far one informer has come in the server's log: the watch between the two, in slow motion. A
 * broken watch ends in a new list, as a reflector's would. Confined to one thread.
 */
final class Cursor<T extends KubeObject> {
  private final SimulatedServer server;
  private final Api api;
  private final Informer<T> informer;
  private final String folder;
  private final boolean losesDeletions;
  private int position;

  /**
   * @param losesDeletions a bug put in on purpose: deletions are overlooked
   */
  Cursor(SimulatedServer server, Api api, Informer<T> informer, boolean losesDeletions) {
    this.server = server;
    this.api = api;
    this.informer = informer;
    this.folder = server.folder(informer.resource());
    this.losesDeletions = losesDeletions;
    relist();
  }

  /** Lists anew, whatever was delivered before. */
  void relist() {
    position = server.log().size();
    informer.replace(api.list(informer.resource(), informer.options()));
  }

  /** Delivers the next change that concerns the informer; false when it knows everything. */
  boolean deliver() {
    while (position < server.log().size()) {
      SimulatedServer.Change change = server.log().get(position++);
      if (change.place().folder().equals(folder) && deliver(change)) {
        return true;
      }
    }
    return false;
  }

  private boolean deliver(SimulatedServer.Change change) {
    CachedObject object = change.object();
    if (object != null && Fields.match(informer.options(), object)) {
      informer.apply(new WatchEvent.Changed<>(server.decoded(object, informer.resource().type())));
      return true;
    }
    ObjectKey key = new ObjectKey(change.place().namespace(), change.place().name());
    Optional<T> known = informer.lister().get(key);
    if (known.isEmpty() || losesDeletions) {
      return false;
    }
    informer.apply(new WatchEvent.Deleted<>(known.get()));
    return true;
  }
}
