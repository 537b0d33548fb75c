package minik8s.gpu.job;

import minik8s.api.KubeObject;
import minik8s.api.codec.Json;
import tools.jackson.databind.node.ObjectNode;

/** Merge patches of what the gpu-server owns: statuses and its finalizer. Pure. */
final class StatusPatches {
  private StatusPatches() {}

  /** Leads from one status to another, of this very object in the revision that was seen. */
  static ObjectNode between(KubeObject seen, Object before, Object after) {
    ObjectNode old = Json.tree(before);
    ObjectNode now = Json.tree(after);
    ObjectNode patch = guarded(seen);
    ObjectNode status = patch.putObject("status");
    now.forEachEntry((field, value) -> {
      if (!value.equals(old.get(field))) {
        // A merge patch would mix the new object into the old one.
        if (value.isObject() && old.get(field) instanceof ObjectNode had) {
          ObjectNode whole = (ObjectNode) value.deepCopy();
          had.forEachEntry((inner, _) -> {
            if (!whole.has(inner)) {
              whole.putNull(inner);
            }
          });
          status.set(field, whole);
        } else {
          status.set(field, value);
        }
      }
    });
    old.forEachEntry((field, _) -> {
      if (!now.has(field)) {
        status.putNull(field);
      }
    });
    return patch;
  }

  /** A patch that succeeds only on the revision that was seen. */
  static ObjectNode guarded(KubeObject seen) {
    ObjectNode patch = Json.object();
    patch
        .putObject("metadata")
        .put("uid", seen.uid())
        .put("resourceVersion", seen.metadata().resourceVersion());
    return patch;
  }
}
