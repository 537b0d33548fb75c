package minik8s.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A name and a virtual address in front of pods. Immutable. */
public record Service(ObjectMeta metadata, Spec spec) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Service {
    spec = spec == null ? new Spec("", "", Map.of(), List.of()) : spec;
  }

  /** {@code clusterIP} is {@code None} for headless services. */
  public record Spec(
      String type, String clusterIP, Map<String, String> selector, List<Port> ports) {
    public Spec {
      type = Lists.of(type);
      clusterIP = Lists.of(clusterIP);
      selector = Lists.of(selector);
      ports = Lists.of(ports);
    }
  }

  /** One port of the service and the pod's port behind it. */
  public record Port(
      String name, String protocol, int port, @Nullable IntOrString targetPort, int nodePort) {
    public Port {
      name = Lists.of(name);
      protocol = protocol == null || protocol.isEmpty() ? "TCP" : protocol;
    }
  }
}
