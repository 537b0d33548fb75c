package minik8s.controller.endpoints;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.Service;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/** Decides what to write for a service. Pure. */
final class EndpointsPlan {
  private EndpointsPlan() {}

  /** One write; {@code old} is what is there, null for nothing. */
  sealed interface Action {
    record WriteEndpoints(@Nullable EndpointsObject old, ArrayNode subsets) implements Action {}

    record WriteSlice(@Nullable EndpointSlice old, String name, Documents.Slice slice)
        implements Action {}

    record DeleteEndpoints(EndpointsObject old) implements Action {}

    record DeleteSlice(EndpointSlice old) implements Action {}
  }

  /** Whether we keep the lists of this service; otherwise its owner does, or nobody. */
  static boolean concerns(Service service) {
    return !service.metadata().deleting()
        && !service.spec().selector().isEmpty()
        && !service.spec().type().equals("ExternalName");
  }

  /** The writes for a service of ours. */
  static List<Action> next(
      Service service,
      List<Backend> backends,
      Optional<EndpointsObject> endpoints,
      List<EndpointSlice> slices) {
    List<Action> actions = new ArrayList<>();
    ArrayNode subsets = Documents.subsets(backends);
    if (endpoints.filter(old -> old.lists(subsets)).isEmpty()) {
      actions.add(new Action.WriteEndpoints(endpoints.orElse(null), subsets));
    }
    Map<String, EndpointSlice> left = new HashMap<>();
    slices.stream().filter(EndpointSlice::ours).forEach(s -> left.put(s.metadata().name(), s));
    List<Documents.Slice> wanted = Documents.slices(backends);
    for (int i = 0; i < wanted.size(); i++) {
      String name = name(service, i);
      EndpointSlice old = left.remove(name);
      if (old == null || !old.lists(wanted.get(i))) {
        actions.add(new Action.WriteSlice(old, name, wanted.get(i)));
      }
    }
    left.values().forEach(old -> actions.add(new Action.DeleteSlice(old)));
    return actions;
  }

  /** What a service that is gone, or no longer ours, leaves behind. */
  static List<Action> leftovers(Optional<EndpointsObject> endpoints, List<EndpointSlice> slices) {
    List<Action> actions = new ArrayList<>();
    endpoints
        .filter(EndpointsObject::ours)
        .ifPresent(old -> actions.add(new Action.DeleteEndpoints(old)));
    slices.stream()
        .filter(EndpointSlice::ours)
        .forEach(old -> actions.add(new Action.DeleteSlice(old)));
    return actions;
  }

  /** The same service and number give the same name, so nothing is created twice. */
  private static String name(Service service, int number) {
    String hash = Integer.toString((service.uid() + "/" + number).hashCode() & 0x7fffffff, 36);
    return service.metadata().name() + "-" + hash;
  }
}
