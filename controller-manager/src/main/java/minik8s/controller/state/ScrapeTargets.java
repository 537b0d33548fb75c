package minik8s.controller.state;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What may be scraped, as Prometheus' HTTP service discovery reads it, with the {@code
 * __meta_kubernetes_*} labels that its own discovery gives: for a Prometheus that was built without
 * that, as Debian's is. Stateless.
 *
 * <p>Source of the labels: Prometheus' documentation of {@code kubernetes_sd_config}.
 */
public final class ScrapeTargets {
  private static final String META = "__meta_kubernetes_";

  private ScrapeTargets() {}

  /**
   * An Endpoints object. Immutable.
   *
   * @param subsets as the API has them
   */
  public record Backends(ObjectMeta metadata, JsonNode subsets) {
    ObjectKey key() {
      return new ObjectKey(metadata.namespace(), metadata.name());
    }
  }

  /** Each node's kubelet. */
  public static String nodes(Collection<Node> nodes) {
    ArrayNode groups = Json.object().arrayNode();
    for (Node node : nodes) {
      String ip =
          node.status().addresses().stream()
              .filter(address -> address.type().equals("InternalIP"))
              .map(Node.Address::address)
              .findFirst()
              .orElse("");
      Node.@Nullable DaemonEndpoints endpoints = node.status().daemonEndpoints();
      if (ip.isEmpty() || endpoints == null) {
        continue;
      }
      ObjectNode labels = group(groups, ip + ":" + endpoints.kubeletEndpoint().port());
      labels.put("instance", node.metadata().name());
      labels.put(META + "node_address_InternalIP", ip);
      describe(labels, "node", node.metadata());
    }
    return groups.toString();
  }

  /** Each port of each pod's containers; a pod's address alone where a container names none. */
  public static String pods(Collection<Pod> pods) {
    ArrayNode groups = Json.object().arrayNode();
    for (Pod pod : pods) {
      String ip = pod.status().podIP();
      if (ip.isEmpty()) {
        continue;
      }
      for (Container container : pod.spec().containers()) {
        for (Container.Port port : container.ports()) {
          ObjectNode labels = group(groups, ip + ":" + port.containerPort());
          describe(labels, pod);
          labels
              .put(META + "pod_container_name", container.name())
              .put(META + "pod_container_port_name", port.name())
              .put(META + "pod_container_port_number", Integer.toString(port.containerPort()))
              .put(META + "pod_container_port_protocol", port.protocol());
        }
        if (container.ports().isEmpty()) {
          ObjectNode labels = group(groups, ip);
          describe(labels, pod);
          labels.put(META + "pod_container_name", container.name());
        }
      }
    }
    return groups.toString();
  }

  /** Each port of each service. */
  public static String services(Collection<Service> services) {
    ArrayNode groups = Json.object().arrayNode();
    for (Service service : services) {
      ObjectMeta meta = service.metadata();
      for (Service.Port port : service.spec().ports()) {
        ObjectNode labels =
            group(groups, meta.name() + "." + meta.namespace() + ".svc:" + port.port());
        labels.put(META + "namespace", meta.namespace());
        describe(labels, "service", meta);
        labels
            .put(META + "service_cluster_ip", service.spec().clusterIP())
            .put(META + "service_type", service.spec().type())
            .put(META + "service_port_name", port.name())
            .put(META + "service_port_number", Integer.toString(port.port()))
            .put(META + "service_port_protocol", port.protocol());
      }
    }
    return groups.toString();
  }

  /** Each port of each address behind a service, with what is known of its service and pod. */
  public static String endpoints(
      Collection<Backends> endpoints, Collection<Service> services, Collection<Pod> pods) {
    Map<ObjectKey, Service> servicesByKey = new HashMap<>();
    services.forEach(service -> servicesByKey.put(service.key(), service));
    Map<ObjectKey, Pod> podsByKey = new HashMap<>();
    pods.forEach(pod -> podsByKey.put(pod.key(), pod));
    ArrayNode groups = Json.object().arrayNode();
    for (Backends backends : endpoints) {
      Service service = servicesByKey.get(backends.key());
      for (JsonNode subset : backends.subsets()) {
        for (JsonNode port : subset.path("ports")) {
          for (JsonNode address : subset.path("addresses")) {
            endpoint(groups, backends, address, port, true, service, podsByKey);
          }
          for (JsonNode address : subset.path("notReadyAddresses")) {
            endpoint(groups, backends, address, port, false, service, podsByKey);
          }
        }
      }
    }
    return groups.toString();
  }

  private static void endpoint(
      ArrayNode groups,
      Backends backends,
      JsonNode address,
      JsonNode port,
      boolean ready,
      @Nullable Service service,
      Map<ObjectKey, Pod> pods) {
    ObjectNode labels =
        group(groups, address.path("ip").asString("") + ":" + port.path("port").asInt());
    String namespace = backends.metadata().namespace();
    labels
        .put(META + "namespace", namespace)
        .put(META + "endpoints_name", backends.metadata().name())
        .put(META + "endpoint_ready", Boolean.toString(ready))
        .put(META + "endpoint_port_name", port.path("name").asString(""))
        .put(META + "endpoint_port_protocol", port.path("protocol").asString(""))
        .put(META + "endpoint_node_name", address.path("nodeName").asString(""));
    JsonNode target = address.path("targetRef");
    String name = target.path("name").asString("");
    if (!name.isEmpty()) {
      labels
          .put(META + "endpoint_address_target_kind", target.path("kind").asString(""))
          .put(META + "endpoint_address_target_name", name);
      Pod pod = pods.get(new ObjectKey(namespace, name));
      if (pod != null && target.path("kind").asString("").equals("Pod")) {
        describe(labels, pod);
      }
    }
    if (service != null) {
      describe(labels, "service", service.metadata());
    }
  }

  private static void describe(ObjectNode labels, Pod pod) {
    labels.put(META + "namespace", pod.metadata().namespace());
    describe(labels, "pod", pod.metadata());
    labels
        .put(META + "pod_ip", pod.status().podIP())
        .put(META + "pod_ready", Boolean.toString(pod.ready()))
        .put(META + "pod_phase", pod.status().phase())
        .put(META + "pod_node_name", pod.spec().nodeName())
        .put(META + "pod_host_ip", pod.status().hostIP())
        .put(META + "pod_uid", pod.uid());
    for (OwnerReference owner : pod.metadata().ownerReferences()) {
      if (owner.controller()) {
        labels
            .put(META + "pod_controller_kind", owner.kind())
            .put(META + "pod_controller_name", owner.name());
      }
    }
  }

  private static void describe(ObjectNode labels, String kind, ObjectMeta meta) {
    labels.put(META + kind + "_name", meta.name());
    meta.labels()
        .forEach((key, value) -> {
          labels.put(META + kind + "_label_" + sanitized(key), value);
          labels.put(META + kind + "_labelpresent_" + sanitized(key), "true");
        });
    meta.annotations()
        .forEach((key, value) -> {
          labels.put(META + kind + "_annotation_" + sanitized(key), value);
          labels.put(META + kind + "_annotationpresent_" + sanitized(key), "true");
        });
  }

  private static String sanitized(String key) {
    return key.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  private static ObjectNode group(ArrayNode groups, String address) {
    ObjectNode group = groups.addObject();
    group.putArray("targets").add(address);
    return group.putObject("labels");
  }
}
