package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.SpreadRule;
import minik8s.scheduler.framework.Verdict;
import minik8s.testing.Pods;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodTopologySpreadTest {
  private static final String SKEWED = "node(s) didn't match pod topology spread constraints";
  private static final String UNLABELLED =
      "node(s) didn't match pod topology spread constraints (missing required label)";

  private final PodTopologySpread plugin = new PodTopologySpread();
  private final ClusterState cluster = new ClusterState();

  /** Nodes a and b in zone 1, c in zone 2. */
  @BeforeEach
  void fill() {
    cluster.put(node("a").label("zone", "1").label("host", "a").build());
    cluster.put(node("b").label("zone", "1").label("host", "b").build());
    cluster.put(node("c").label("zone", "2").label("host", "c").build());
  }

  @Test
  void keepsTheDifferenceBetweenDomainsWithinTheSkew() {
    PodView third = spread("p3", "maxSkew: 1, topologyKey: zone");
    place("p1", "a");
    assertThat(reasons(third, "b")).containsExactly(SKEWED);
    assertThat(reasons(third, "c")).isEmpty();
    place("p2", "c");
    assertThat(reasons(third, "b")).isEmpty();
    assertThat(reasons(spread("p4", "maxSkew: 2, topologyKey: zone"), "b")).isEmpty();
  }

  @Test
  void forgetsPodsThatGoAndIgnoresThoseThatAreGoing() {
    PodView next = spread("next", "maxSkew: 1, topologyKey: zone");
    place("p1", "a");
    cluster.removePod("uid-p1");
    assertThat(reasons(next, "b")).isEmpty();
    Pods leaving = Pods.pod("p2").uid("uid-p2").label("app", "web");
    leaving.document().withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
    cluster.place(PodView.of(leaving.build()), "a");
    assertThat(reasons(next, "b")).isEmpty();
  }

  @Test
  void countsOnlyItsNamespace() {
    Pods stranger = Pods.pod("p").uid("uid-p").label("app", "web");
    stranger.document().withObject("metadata").put("namespace", "other");
    cluster.place(PodView.of(stranger.build()), "a");
    assertThat(reasons(spread("next", "maxSkew: 1, topologyKey: zone"), "b")).isEmpty();
  }

  @Test
  void rejectsNodesWithoutTheLabel() {
    cluster.put(node("d").label("host", "d").build());
    assertThat(reasons(spread("p", "maxSkew: 1, topologyKey: zone"), "d"))
        .containsExactly(UNLABELLED);
    place("p1", "d");
    assertThat(reasons(spread("p", "maxSkew: 1, topologyKey: zone"), "a"))
        .as("its pods count nowhere")
        .isEmpty();
  }

  @Test
  void takesTheEmptiestForEmptyWhileThereAreTooFewDomains() {
    place("p1", "a");
    place("p2", "c");
    assertThat(reasons(spread("p3", "maxSkew: 1, topologyKey: zone, minDomains: 2"), "a"))
        .isEmpty();
    assertThat(reasons(spread("p3", "maxSkew: 1, topologyKey: zone, minDomains: 3"), "a"))
        .containsExactly(SKEWED);
  }

  @Test
  void obeysEveryConstraint() {
    place("p1", "a");
    place("p2", "c");
    PodView third = spread("p3", "maxSkew: 1, topologyKey: zone", "maxSkew: 1, topologyKey: host");
    assertThat(reasons(third, "a")).containsExactly(SKEWED);
    assertThat(reasons(third, "b")).isEmpty();
  }

  @Test
  void leavesOutNodesThatThePodCannotGoToUnlessToldOtherwise() {
    place("p1", "a");
    String only = "nodeSelector: {zone: '1'}\n";
    assertThat(reasons(bent(only, "p2", "maxSkew: 1, topologyKey: zone"), "b"))
        .as("zone 2 does not count")
        .isEmpty();
    assertThat(
            reasons(
                bent(only, "p2", "maxSkew: 1, topologyKey: zone, nodeAffinityPolicy: Ignore"), "b"))
        .containsExactly(SKEWED);
  }

  @Test
  void countsTaintedNodesUnlessToldOtherwise() {
    cluster.put(node("c").label("zone", "2").taint("k", "v", "NoSchedule").build());
    place("p1", "a");
    assertThat(reasons(spread("p2", "maxSkew: 1, topologyKey: zone"), "b")).containsExactly(SKEWED);
    assertThat(reasons(spread("p2", "maxSkew: 1, topologyKey: zone, nodeTaintsPolicy: Honor"), "b"))
        .isEmpty();
  }

  @Test
  void countsOnlyPodsOfItsRevisionByMatchLabelKeys() {
    cluster.place(
        PodView.of(Pods.pod("old").uid("o").label("app", "web").label("rev", "1").build()), "a");
    Pods fresh = Pods.pod("new").uid("n").label("app", "web").label("rev", "2");
    constrain(fresh, "maxSkew: 1, topologyKey: zone, matchLabelKeys: [rev]");
    assertThat(reasons(PodView.of(fresh.build()), "b")).isEmpty();
  }

  @Test
  void reckonsWithPodsThatComeAndGo() {
    place("p1", "a");
    PodView next = spread("next", "maxSkew: 1, topologyKey: zone");
    Filter.Check check = plugin.prepareFilter(next, cluster);
    assertThat(check).isNotNull();
    PodView first = Objects.requireNonNull(cluster.placed("uid-p1"));
    check.reckon(first, view("a"), -1);
    assertThat(check.check(view("b"))).isEqualTo(Verdict.FITS);
    check.reckon(first, view("a"), 1);
    assertThat(check.check(view("b"))).isNotEqualTo(Verdict.FITS);
  }

  @Test
  void prefersEmptierDomainsWhereItIsOnlyAWish() {
    place("p1", "a");
    PodView next = spread("p2", "maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway");
    assertThat(plugin.prepareFilter(next, cluster)).isNull();
    List<Long> scores = Ask.scores(plugin, next, cluster, view("a"), view("b"), view("c"));
    assertThat(scores.get(0)).isEqualTo(scores.get(1)).isLessThan(scores.get(2));
    assertThat(scores.get(2)).isEqualTo(100);
  }

  @Test
  void ratesNodesWithoutTheLabelLast() {
    cluster.put(node("d").label("host", "d").build());
    place("p1", "a");
    PodView next = spread("p2", "maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway");
    assertThat(Ask.scores(plugin, next, cluster, view("c"), view("d"))).containsExactly(100L, 0L);
  }

  @Test
  void spreadsReplicasOfOneControllerByDefault() {
    ClusterState plain = new ClusterState();
    for (String name : List.of("a", "b", "c")) {
      plain.put(node(name).label("kubernetes.io/hostname", name).build());
    }
    plain.place(replica("1"), "a");
    plain.place(replica("2"), "a");
    plain.place(replica("3"), "b");
    plain.place(PodView.of(Pods.pod("stranger").uid("s").build()), "c");
    List<Long> scores =
        Ask.scores(
            plugin,
            replica("4"),
            plain,
            Objects.requireNonNull(plain.node("a")),
            Objects.requireNonNull(plain.node("b")),
            Objects.requireNonNull(plain.node("c")));
    assertThat(scores.get(0)).isLessThan(scores.get(1));
    assertThat(scores.get(1)).isLessThan(scores.get(2));
  }

  @Test
  void obeysConstraintsThatTheProfileGivesToPodsWithoutAny() {
    PodTopologySpread strict =
        new PodTopologySpread(List.of(SpreadRule.byOwner("zone", 1, true)), false);
    cluster.place(replica("1"), "a");
    assertThat(Ask.reasons(strict, replica("2"), view("b"), cluster)).containsExactly(SKEWED);
    assertThat(Ask.reasons(strict, replica("2"), view("c"), cluster)).isEmpty();
  }

  @Test
  void isConcernedWithPodsThatItCounts() {
    PodView next = spread("p2", "maxSkew: 1, topologyKey: zone");
    assertThat(plugin.concerns(next, spread("p1", "maxSkew: 1, topologyKey: zone"), cluster))
        .isTrue();
    assertThat(plugin.concerns(next, PodView.of(Pods.pod("x").build()), cluster)).isFalse();
  }

  private List<String> reasons(PodView pod, String node) {
    return Ask.reasons(plugin, pod, view(node), cluster);
  }

  private NodeView view(String name) {
    return Objects.requireNonNull(cluster.node(name));
  }

  private void place(String name, String node) {
    cluster.place(PodView.of(Pods.pod(name).uid("uid-" + name).label("app", "web").build()), node);
  }

  private static PodView spread(String name, String... constraints) {
    return bent("", name, constraints);
  }

  private static PodView bent(String spec, String name, String... constraints) {
    Pods pod = Pods.pod(name).uid("uid-" + name).label("app", "web");
    constrain(pod, constraints);
    if (!spec.isEmpty()) {
      pod.document().withObject("spec").setAll((ObjectNode) Yaml.documents(spec).getFirst());
    }
    return PodView.of(pod.build());
  }

  private static void constrain(Pods pod, String... constraints) {
    for (String constraint : constraints) {
      pod.document()
          .withObject("spec")
          .withArray("topologySpreadConstraints")
          .add(
              Yaml.documents("{labelSelector: {matchLabels: {app: web}}, " + constraint + "}")
                  .getFirst());
    }
  }

  private static PodView replica(String name) {
    ObjectNode document = Pods.pod(name).uid("uid-" + name).document();
    document
        .withObject("metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("kind", "ReplicaSet")
        .put("uid", "set")
        .put("controller", true);
    return PodView.of(Json.read(document, Pod.class));
  }
}
