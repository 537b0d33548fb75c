package minik8s.controller.endpoints;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import minik8s.api.Container;
import minik8s.api.IntOrString;
import minik8s.api.Pod;
import minik8s.api.Service;

/**
 * One pod behind a service with the ports that it answers on. Immutable.
 *
 * @param ports the service's ports as this pod serves them, in the service's order
 */
record Backend(Pod pod, List<Port> ports) {
  /** A port of the service, resolved to a number on one pod. */
  record Port(String name, String protocol, int number) {}

  Backend {
    ports = List.copyOf(ports);
  }

  boolean ready() {
    return pod.ready() && !pod.metadata().deleting();
  }

  String ip() {
    return pod.status().podIP();
  }

  /** The pods that have an address and serve a port, sorted by name so that writes are stable. */
  static List<Backend> of(Service service, Collection<Pod> selected) {
    return selected.stream()
        .filter(pod -> !pod.finished() && !pod.status().podIP().isEmpty())
        .sorted(Comparator.comparing(Pod::key))
        .map(pod -> new Backend(pod, ports(service, pod)))
        .filter(backend -> !backend.ports().isEmpty() || service.spec().ports().isEmpty())
        .toList();
  }

  private static List<Port> ports(Service service, Pod pod) {
    List<Port> ports = new ArrayList<>();
    for (Service.Port port : service.spec().ports()) {
      number(port, pod).ifPresent(n -> ports.add(new Port(port.name(), port.protocol(), n)));
    }
    return ports;
  }

  /** The pod's port for a service's port; empty when the pod names no such port. */
  private static Optional<Integer> number(Service.Port port, Pod pod) {
    return switch (port.targetPort()) {
      case null -> Optional.of(port.port());
      case IntOrString.Int(int number) -> Optional.of(number == 0 ? port.port() : number);
      case IntOrString.Text(String name) ->
          pod.spec().containers().stream()
              .flatMap(container -> container.ports().stream())
              .filter(p -> p.name().equals(name) && p.protocol().equals(port.protocol()))
              .map(Container.Port::containerPort)
              .findFirst();
    };
  }
}
