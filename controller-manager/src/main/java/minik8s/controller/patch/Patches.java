package minik8s.controller.patch;

import java.util.List;
import java.util.Map;
import minik8s.api.KubeObject;
import minik8s.api.OwnerReference;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds patches that change just what a controller owns. Stateless. Every patch carries the uid of
 * the object it was meant for, so that a namesake created meanwhile is left alone.
 */
public final class Patches {
  private Patches() {}

  /** A patch of this very object, whatever its revision. */
  public static ObjectNode of(KubeObject seen) {
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", seen.uid());
    return patch;
  }

  /** A patch that succeeds only while the object is still the revision that was seen. */
  public static ObjectNode guarded(KubeObject seen) {
    ObjectNode patch = of(seen);
    patch.withObject("metadata").put("resourceVersion", seen.metadata().resourceVersion());
    return patch;
  }

  /** A merge patch that leads from one status record to another; guarded by the revision seen. */
  public static ObjectNode status(KubeObject seen, Object before, Object after) {
    ObjectNode patch = guarded(seen);
    patch.set("status", difference(Json.tree(before), Json.tree(after)));
    return patch;
  }

  /** What is new or different, and null for what is gone; objects within objects likewise. */
  private static ObjectNode difference(ObjectNode old, ObjectNode now) {
    ObjectNode difference = Json.object();
    now.forEachEntry((field, value) -> {
      JsonNode before = old.get(field);
      if (before instanceof ObjectNode had && value instanceof ObjectNode has) {
        if (!had.equals(has)) {
          difference.set(field, difference(had, has));
        }
      } else if (!value.equals(before)) {
        difference.set(field, value);
      }
    });
    old.forEachEntry((field, _) -> {
      if (!now.has(field)) {
        difference.putNull(field);
      }
    });
    return difference;
  }

  /** Sets annotations in a merge patch and leaves the others alone. */
  public static ObjectNode annotate(ObjectNode patch, Map<String, String> annotations) {
    if (!annotations.isEmpty()) {
      annotations.forEach(patch.withObject("metadata").withObject("annotations")::put);
    }
    return patch;
  }

  /** A strategic patch that adds an owner unless the object changed, lest two adopt it at once. */
  public static ObjectNode adopt(KubeObject seen, OwnerReference owner) {
    ObjectNode patch = guarded(seen);
    patch.withObject("metadata").putArray("ownerReferences").add(Json.tree(owner));
    return patch;
  }

  /** A strategic patch that takes the owners with these uids away. */
  public static ObjectNode release(KubeObject seen, List<String> ownerUids) {
    ObjectNode patch = of(seen);
    ArrayNode owners = patch.withObject("metadata").putArray("ownerReferences");
    for (String uid : ownerUids) {
      owners.addObject().put("$patch", "delete").put("uid", uid);
    }
    return patch;
  }
}
