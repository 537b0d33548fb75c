package minik8s.controller.endpoints;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes backends in the two shapes that Kubernetes has for them. Pure. */
final class Documents {
  /** The most endpoints in one slice, as Kubernetes has it. */
  private static final int SLICE = 100;

  private Documents() {}

  /** The content of one slice. */
  record Slice(ArrayNode endpoints, ArrayNode ports) {}

  /** The {@code subsets} of an Endpoints object: pods that serve the same ports together. */
  static ArrayNode subsets(List<Backend> backends) {
    ArrayNode subsets = Json.object().putArray("subsets");
    byPorts(backends.stream().filter(b -> !b.pod().metadata().deleting()).toList())
        .forEach((ports, group) -> {
          ObjectNode subset = subsets.addObject();
          addresses(subset, "addresses", group.stream().filter(Backend::ready).toList());
          addresses(subset, "notReadyAddresses", group.stream().filter(b -> !b.ready()).toList());
          if (!ports.isEmpty()) {
            subset.set("ports", ports(ports));
          }
        });
    return subsets;
  }

  private static void addresses(ObjectNode subset, String field, List<Backend> backends) {
    if (!backends.isEmpty()) {
      ArrayNode list = subset.putArray(field);
      for (Backend backend : backends) {
        ObjectNode address = list.addObject().put("ip", backend.ip());
        address.put("nodeName", backend.pod().spec().nodeName());
        address.set("targetRef", reference(backend.pod()));
      }
    }
  }

  /** The slices: like subsets, and none longer than a hundred. */
  static List<Slice> slices(List<Backend> backends) {
    List<Slice> slices = new ArrayList<>();
    byPorts(backends)
        .forEach((ports, group) -> {
          for (int from = 0; from < group.size(); from += SLICE) {
            ArrayNode endpoints = Json.object().putArray("endpoints");
            group
                .subList(from, Math.min(group.size(), from + SLICE))
                .forEach(backend -> endpoints.add(endpoint(backend)));
            slices.add(new Slice(endpoints, named(ports(ports))));
          }
        });
    return slices;
  }

  /** In slices the name is always there, if empty: the Go kubectl reads it through a pointer. */
  private static ArrayNode named(ArrayNode ports) {
    ports.forEach(port -> {
      if (port instanceof ObjectNode node && !node.has("name")) {
        node.put("name", "");
      }
    });
    return ports;
  }

  private static ObjectNode endpoint(Backend backend) {
    ObjectNode endpoint = Json.object();
    endpoint.putArray("addresses").add(backend.ip());
    endpoint
        .putObject("conditions")
        .put("ready", backend.ready())
        .put("serving", backend.pod().ready())
        .put("terminating", backend.pod().metadata().deleting());
    endpoint.put("nodeName", backend.pod().spec().nodeName());
    endpoint.set("targetRef", reference(backend.pod()));
    return endpoint;
  }

  private static Map<List<Backend.Port>, List<Backend>> byPorts(List<Backend> backends) {
    return backends.stream()
        .collect(
            groupingBy(Backend::ports, LinkedHashMap::new, java.util.stream.Collectors.toList()));
  }

  private static ArrayNode ports(List<Backend.Port> ports) {
    ArrayNode list = Json.object().putArray("ports");
    for (Backend.Port port : ports) {
      ObjectNode node = list.addObject();
      if (!port.name().isEmpty()) {
        node.put("name", port.name());
      }
      node.put("port", port.number()).put("protocol", port.protocol());
    }
    return list;
  }

  private static ObjectNode reference(Pod pod) {
    return Json.object()
        .put("kind", "Pod")
        .put("namespace", pod.metadata().namespace())
        .put("name", pod.metadata().name())
        .put("uid", pod.uid());
  }
}
