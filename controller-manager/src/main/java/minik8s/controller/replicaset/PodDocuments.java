package minik8s.controller.replicaset;

import minik8s.api.OwnerReference;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes pods of a set's template, which is copied whole. Pure. */
final class PodDocuments {
  private PodDocuments() {}

  static ObjectNode of(ReplicaSet set, String name) {
    JsonNode template = set.spec().template().node();
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = pod.putObject("metadata").put("name", name);
    meta.put("generateName", set.metadata().name() + "-");
    meta.put("namespace", set.metadata().namespace());
    for (String field : new String[] {"labels", "annotations", "finalizers"}) {
      JsonNode value = template.path("metadata").path(field);
      if (!value.isMissingNode()) {
        meta.set(field, value.deepCopy());
      }
    }
    meta.putArray("ownerReferences")
        .add(Json.tree(OwnerReference.controller(Resources.REPLICA_SETS, set)));
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }
}
