package minik8s.apiserver.kinds;

import tools.jackson.databind.node.ObjectNode;

/**
 * Documents from a served version to the stored one and back, in place. Stateless.
 *
 * <p>Versions of a custom resource differ in nothing but their name.
 */
public final class Conversions {
  private Conversions() {}

  /** Makes a document of {@code kind} one of the version that is stored. */
  public static void toStorage(Kind kind, ObjectNode doc) {
    if (!kind.converted()) {
      return;
    }
    doc.put("apiVersion", kind.storageGroupVersion());
    if (isAutoscaler(kind)) {
      AutoscalerConversion.toVersion2(doc);
    } else if (isEvent(kind)) {
      EventConversion.toCore(doc);
    }
  }

  /** Makes a stored document one of {@code kind}. */
  public static void fromStorage(Kind kind, ObjectNode doc) {
    if (!kind.converted()) {
      return;
    }
    doc.put("apiVersion", kind.apiVersion());
    if (isAutoscaler(kind)) {
      AutoscalerConversion.toVersion1(doc);
    } else if (isEvent(kind)) {
      EventConversion.fromCore(doc);
    }
  }

  private static boolean isAutoscaler(Kind kind) {
    return kind.group().equals("autoscaling");
  }

  private static boolean isEvent(Kind kind) {
    return kind.group().equals("events.k8s.io");
  }
}
