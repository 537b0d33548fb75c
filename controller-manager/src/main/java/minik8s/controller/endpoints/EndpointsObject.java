package minik8s.controller.endpoints;

import minik8s.api.KubeObject;
import minik8s.api.ObjectMeta;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An Endpoints object as far as its controller reads it. Immutable. */
public record EndpointsObject(ObjectMeta metadata, @Nullable Raw subsets) implements KubeObject {
  public static final Resource<EndpointsObject> RESOURCE =
      new Resource<>("", "v1", "endpoints", "Endpoints", true, EndpointsObject.class);

  static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  static final String CONTROLLER = "endpoint-controller";

  boolean ours() {
    return CONTROLLER.equals(metadata.labels().get(MANAGED_BY));
  }

  boolean lists(JsonNode wanted) {
    return (subsets == null ? Json.object().arrayNode() : subsets.node()).equals(wanted);
  }
}
