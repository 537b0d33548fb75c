package minik8s.controller.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.ObjectMeta;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.controller.garbage.GarbagePlan.Owner.State;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class OwnerGraphTest {
  private final OwnerGraph graph = new OwnerGraph();

  private static ObjectMeta meta(String uid, String namespace, String... owners) {
    ObjectNode meta = Json.object().put("name", uid).put("uid", uid).put("namespace", namespace);
    for (String owner : owners) {
      meta.withArray("ownerReferences")
          .addObject()
          .put("apiVersion", "apps/v1")
          .put("kind", "ReplicaSet")
          .put("name", owner)
          .put("uid", owner)
          .put("blockOwnerDeletion", true);
    }
    return Json.read(meta, ObjectMeta.class);
  }

  private OwnerGraph.Wake observe(Resource<?> resource, String uid, String... owners) {
    return graph.observe(resource, meta(uid, "default", owners));
  }

  private List<State> states(String uid) {
    return graph.view(uid).orElseThrow().owners().stream().map(o -> o.state()).toList();
  }

  @Test
  void wakesNobodyForAFamilyThatIsWhole() {
    assertThat(observe(Resources.REPLICA_SETS, "rs")).isEqualTo(OwnerGraph.Wake.NOBODY);
    assertThat(observe(Resources.PODS, "pod", "rs")).isEqualTo(OwnerGraph.Wake.NOBODY);
    assertThat(states("pod")).containsExactly(State.SOLID);
  }

  @Test
  void looksLaterAtWhatAppearsBeforeItsOwner() {
    assertThat(observe(Resources.PODS, "pod", "rs").later()).containsExactly("pod");
    assertThat(states("pod")).containsExactly(State.UNKNOWN);
    observe(Resources.REPLICA_SETS, "rs");
    assertThat(states("pod")).containsExactly(State.SOLID);
  }

  @Test
  void wakesDependentsWhenTheirOwnerGoesAndRemembersThatItWent() {
    observe(Resources.REPLICA_SETS, "rs");
    observe(Resources.PODS, "pod", "rs");
    assertThat(graph.forget("rs").now()).containsExactly("pod");
    assertThat(states("pod")).containsExactly(State.ABSENT);
    assertThat(observe(Resources.PODS, "late", "rs").now()).containsExactly("late");
    assertThat(observe(Resources.REPLICA_SETS, "rs")).isEqualTo(OwnerGraph.Wake.NOBODY);
    assertThat(graph.view("rs")).isEmpty();
  }

  @Test
  void wakesAWaitingOwnerWhenADependentGoes() {
    ObjectNode deleting = Json.tree(meta("rs", "default"));
    deleting.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    deleting.putArray("finalizers").add(Item.FOREGROUND);
    observe(Resources.REPLICA_SETS, "rs");
    observe(Resources.PODS, "pod", "rs");
    assertThat(graph.observe(Resources.REPLICA_SETS, Json.read(deleting, ObjectMeta.class)).now())
        .containsExactlyInAnyOrder("rs", "pod");
    assertThat(states("pod")).containsExactly(State.WAITING);
    assertThat(graph.forget("pod").now()).containsExactly("rs");
  }

  @Test
  void takesAnOwnerInAnotherNamespaceForAbsent() {
    graph.observe(Resources.REPLICA_SETS, meta("rs", "elsewhere"));
    observe(Resources.PODS, "pod", "rs");
    assertThat(states("pod")).containsExactly(State.ABSENT);
  }

  @Test
  void keepsWhatTheWatchShowedOverALookUp() {
    observe(Resources.REPLICA_SETS, "rs", "deployment");
    graph.confirm(Resources.REPLICA_SETS, meta("rs", "default"));
    assertThat(graph.view("rs").orElseThrow().owners())
        .extracting(owner -> owner.ref().uid())
        .containsExactly("deployment");
  }

  @Test
  void forgetsOwnersThatWereTakenOff() {
    observe(Resources.REPLICA_SETS, "rs");
    observe(Resources.PODS, "pod", "rs");
    observe(Resources.PODS, "pod");
    assertThat(graph.view("rs").orElseThrow().dependents()).isEmpty();
    assertThat(graph.view("pod").orElseThrow().owners()).isEmpty();
    assertThat(graph.forget("rs").now()).isEmpty();
  }

  @Test
  void survivesCycles() {
    observe(Resources.REPLICA_SETS, "a", "b");
    observe(Resources.REPLICA_SETS, "b", "a");
    assertThat(states("a")).containsExactly(State.SOLID);
    assertThat(graph.forget("a").now()).containsExactly("b");
  }
}
