package minik8s.controller.endpoints;

import minik8s.api.KubeObject;
import minik8s.api.ObjectMeta;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An EndpointSlice as far as its controller reads it. Immutable. */
public record EndpointSlice(ObjectMeta metadata, @Nullable Raw endpoints, @Nullable Raw ports)
    implements KubeObject {
  public static final Resource<EndpointSlice> RESOURCE =
      new Resource<>(
          "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, EndpointSlice.class);

  static final String SERVICE = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String CONTROLLER = "endpointslice-controller.k8s.io";

  boolean ours() {
    return CONTROLLER.equals(metadata.labels().get(MANAGED_BY));
  }

  boolean lists(Documents.Slice wanted) {
    return same(endpoints, wanted.endpoints()) && same(ports, wanted.ports());
  }

  private static boolean same(@Nullable Raw has, JsonNode wanted) {
    return (has == null ? Json.object().arrayNode() : has.node()).equals(wanted);
  }
}
