package minik8s.controller.pods;

import minik8s.api.KubeObject;
import minik8s.api.OwnerReference;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes pods of a pod template, which is copied whole. Pure. */
public final class PodDocuments {
  private PodDocuments() {}

  /**
   * A pod that the owner controls.
   *
   * @param kind what the owner is
   */
  public static ObjectNode of(Resource<?> kind, KubeObject owner, JsonNode template, String name) {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = pod.putObject("metadata").put("name", name);
    meta.put("generateName", owner.metadata().name() + "-");
    meta.put("namespace", owner.metadata().namespace());
    for (String field : new String[] {"labels", "annotations", "finalizers"}) {
      JsonNode value = template.path("metadata").path(field);
      if (!value.isMissingNode()) {
        meta.set(field, value.deepCopy());
      }
    }
    meta.putArray("ownerReferences").add(Json.tree(OwnerReference.controller(kind, owner)));
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }
}
