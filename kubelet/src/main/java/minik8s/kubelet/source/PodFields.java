package minik8s.kubelet.source;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;

/**
 * A pod's own fields as text, for {@code fieldRef} and {@code resourceFieldRef}. Immutable, pure.
 *
 * @param podIp empty while unknown
 * @param allocatable of the node; stands in for limits that a container lacks
 */
public record PodFields(Pod pod, String hostIp, String podIp, Map<String, Quantity> allocatable) {

  /**
   * The field's text.
   *
   * @throws SourceFailure when there is no such field
   */
  public String field(String path) {
    int bracket = path.indexOf("['");
    if (bracket > 0 && path.endsWith("']")) {
      String key = path.substring(bracket + 2, path.length() - 2);
      return map(path.substring(0, bracket), path).getOrDefault(key, "");
    }
    return switch (path) {
      case "metadata.name" -> pod.metadata().name();
      case "metadata.namespace" -> pod.metadata().namespace();
      case "metadata.uid" -> pod.uid();
      case "metadata.labels", "metadata.annotations" -> lines(map(path, path));
      case "spec.nodeName" -> pod.spec().nodeName();
      case "spec.serviceAccountName" -> pod.spec().serviceAccountName();
      case "status.hostIP", "status.hostIPs" -> hostIp;
      case "status.podIP", "status.podIPs" -> podIp;
      default -> throw new SourceFailure("unsupported fieldPath: " + path);
    };
  }

  private Map<String, String> map(String name, String path) {
    return switch (name) {
      case "metadata.labels" -> pod.metadata().labels();
      case "metadata.annotations" -> pod.metadata().annotations();
      default -> throw new SourceFailure("unsupported fieldPath: " + path);
    };
  }

  /** {@code key="value"} lines in the order of keys, values quoted as Go's %q. */
  private static String lines(Map<String, String> map) {
    return new TreeMap<>(map)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + Json.string(e.getValue()))
            .collect(Collectors.joining("\n"));
  }

  /**
   * A resource amount of a container, divided and rounded up.
   *
   * @throws SourceFailure when there is no such container or resource
   */
  public String resource(Container.ResourceFieldRef ref, String ownContainer) {
    String wanted = ref.containerName().isEmpty() ? ownContainer : ref.containerName();
    Container container =
        pod.spec().containers().stream()
            .filter(c -> c.name().equals(wanted))
            .findFirst()
            .orElseThrow(() -> new SourceFailure("container " + wanted + " not found"));
    int dot = ref.resource().indexOf('.');
    String kind = dot < 0 ? "" : ref.resource().substring(0, dot);
    String resource = ref.resource().substring(dot + 1);
    Quantity amount =
        switch (kind) {
          case "limits" -> limit(container, resource);
          case "requests" -> {
            Quantity request = container.resources().requests().get(resource);
            yield request != null ? request : container.resources().limits().get(resource);
          }
          default -> throw new SourceFailure("unsupported container resource: " + ref.resource());
        };
    return divided(amount == null ? Quantity.ZERO : amount, ref.divisor());
  }

  private @Nullable Quantity limit(Container container, String resource) {
    Quantity limit = container.resources().limits().get(resource);
    return limit != null ? limit : allocatable.get(resource);
  }

  private static String divided(Quantity amount, @Nullable Quantity divisor) {
    BigDecimal by =
        divisor == null || divisor.amount().signum() == 0 ? BigDecimal.ONE : divisor.amount();
    return amount.amount().divide(by, 0, RoundingMode.CEILING).toPlainString();
  }
}
