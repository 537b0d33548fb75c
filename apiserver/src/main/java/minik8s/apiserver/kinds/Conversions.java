package minik8s.apiserver.kinds;

import tools.jackson.databind.node.ObjectNode;

/** Documents from a served version to the stored one and back, in place. Stateless. */
public final class Conversions {
  private Conversions() {}

  /** Makes a document of {@code kind} one of the version that is stored. */
  public static void toStorage(Kind kind, ObjectNode doc) {
    if (kind.converted()) {
      doc.put("apiVersion", kind.storageGroupVersion());
    }
  }

  /** Makes a stored document one of {@code kind}. */
  public static void fromStorage(Kind kind, ObjectNode doc) {
    if (kind.converted()) {
      doc.put("apiVersion", kind.apiVersion());
    }
  }
}
