package minik8s.controller.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import minik8s.api.ObjectMeta;
import minik8s.api.Pod;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import minik8s.controller.endpoints.EndpointsPlan.Action;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EndpointsPlanTest {
  private static Service service(String spec) {
    ObjectNode service = Json.object();
    service.putObject("metadata").put("name", "web").put("namespace", "default").put("uid", "s");
    service.set("spec", Json.parse(spec));
    return Json.read(service, Service.class);
  }

  private static Pod pod(String name, String ip, boolean ready, int httpPort) {
    Pods pods = Pods.pod(name).uid(name).node("n");
    ObjectNode pod = (ready ? pods.running() : pods.phase("Running")).document();
    pod.withObject("status").put("podIP", ip);
    ((ObjectNode) pod.at("/spec/containers/0"))
        .putArray("ports")
        .addObject()
        .put("name", "http")
        .put("containerPort", httpPort);
    return Json.read(pod, Pod.class);
  }

  private final Service plain = service("{\"selector\":{\"a\":\"b\"},\"ports\":[{\"port\":80}]}");

  private static List<Action> next(Service service, Pod... pods) {
    return EndpointsPlan.next(
        service, Backend.of(service, List.of(pods)), Optional.empty(), List.of());
  }

  private static JsonNode subsets(List<Action> actions) {
    return ((Action.WriteEndpoints) actions.getFirst()).subsets();
  }

  @Test
  void listsReadyAndOtherPodsApart() {
    JsonNode subsets =
        subsets(next(plain, pod("p2", "10.0.0.2", false, 1), pod("p1", "10.0.0.1", true, 1)));
    assertThat(subsets.at("/0/addresses/0/ip").asString()).isEqualTo("10.0.0.1");
    assertThat(subsets.at("/0/addresses/0/targetRef/name").asString()).isEqualTo("p1");
    assertThat(subsets.at("/0/notReadyAddresses/0/ip").asString()).isEqualTo("10.0.0.2");
    assertThat(subsets.at("/0/ports/0/port").asInt()).isEqualTo(80);
  }

  @Test
  void resolvesNamedPortsPodByPod() {
    Service named =
        service("{\"selector\":{\"a\":\"b\"},\"ports\":[{\"port\":80,\"targetPort\":\"http\"}]}");
    List<Action> actions =
        next(named, pod("p1", "10.0.0.1", true, 8080), pod("p2", "10.0.0.2", true, 9090));
    assertThat(subsets(actions).size()).isEqualTo(2);
    assertThat(subsets(actions).at("/1/ports/0/port").asInt()).isEqualTo(9090);
    assertThat(actions).filteredOn(Action.WriteSlice.class::isInstance).hasSize(2);
  }

  @Test
  void leavesOutPodsWithoutAddressOrPort() {
    Service other =
        service("{\"selector\":{\"a\":\"b\"},\"ports\":[{\"port\":80,\"targetPort\":\"x\"}]}");
    assertThat(subsets(next(other, pod("p", "10.0.0.1", true, 1))).isEmpty()).isTrue();
    assertThat(subsets(next(plain, pod("p", "", true, 1))).isEmpty()).isTrue();
  }

  @Test
  void cutsSlicesAtAHundred() {
    Pod[] pods =
        IntStream.range(0, 150)
            .mapToObj(i -> pod("p" + i, "10.0.1." + i, true, 1))
            .toArray(Pod[]::new);
    List<Integer> sizes =
        next(plain, pods).stream()
            .filter(Action.WriteSlice.class::isInstance)
            .map(action -> ((Action.WriteSlice) action).slice().endpoints().size())
            .toList();
    assertThat(sizes).containsExactly(100, 50);
  }

  @Test
  void writesNothingThatIsThereAlreadyAndDropsSurplusSlices() {
    Pod pod = pod("p", "10.0.0.1", true, 1);
    List<Action> first = next(plain, pod);
    EndpointsObject endpoints = new EndpointsObject(meta("web", "{}"), Raw.of(subsets(first)));
    Action.WriteSlice write = (Action.WriteSlice) first.get(1);
    String labels = "{\"" + EndpointSlice.MANAGED_BY + "\":\"" + EndpointSlice.CONTROLLER + "\"}";
    EndpointSlice slice =
        new EndpointSlice(
            meta(write.name(), labels),
            Raw.of(write.slice().endpoints()),
            Raw.of(write.slice().ports()));
    EndpointSlice surplus = new EndpointSlice(meta("web-old", labels), null, null);
    List<Action> again =
        EndpointsPlan.next(
            plain,
            Backend.of(plain, List.of(pod)),
            Optional.of(endpoints),
            List.of(slice, surplus));
    assertThat(again).containsExactly(new Action.DeleteSlice(surplus));
  }

  @Test
  void leavesListsAloneThatOthersKeep() {
    assertThat(EndpointsPlan.concerns(service("{\"ports\":[{\"port\":80}]}"))).isFalse();
    EndpointsObject theirs = new EndpointsObject(meta("web", "{}"), null);
    assertThat(EndpointsPlan.leftovers(Optional.of(theirs), List.of())).isEmpty();
  }

  private static ObjectMeta meta(String name, String labels) {
    ObjectNode meta = Json.object().put("name", name).put("namespace", "default");
    meta.set("labels", Json.parse(labels));
    return Json.read(meta, ObjectMeta.class);
  }
}
