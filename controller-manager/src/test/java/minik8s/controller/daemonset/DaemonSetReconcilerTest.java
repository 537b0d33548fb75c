package minik8s.controller.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import minik8s.api.ControllerRevision;
import minik8s.api.DaemonSet;
import minik8s.api.Failure;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.DeleteOptions;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.controller.Workbench;
import minik8s.controller.owner.Owned;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DaemonSetReconcilerTest {
  private Workbench bench = new Workbench();
  private Informer<DaemonSet> sets = bench.informer(Resources.DAEMON_SETS);
  private Informer<Node> nodes = bench.informer(Resources.NODES);

  @BeforeEach
  void wire() {
    wire(bench);
  }

  private void wire(Workbench on) {
    bench = on;
    Index<DaemonSet> byNamespace = Index.byNamespace();
    Index<ControllerRevision> byOwner = Owned.index();
    sets = on.informer(Resources.DAEMON_SETS, byNamespace);
    nodes = on.informer(Resources.NODES);
    Informer<ControllerRevision> revisions = on.informer(Resources.CONTROLLER_REVISIONS, byOwner);
    on.run(
        queue -> {
          DaemonSetReconciler reconciler =
              new DaemonSetReconciler(
                  on.api,
                  sets.lister(),
                  nodes.lister(),
                  on.pods.lister(),
                  on.podsByOwner,
                  revisions.lister(),
                  byOwner,
                  on.events(),
                  on.timers);
          DaemonSetTriggers.wire(queue, reconciler, sets, byNamespace, on.pods, nodes);
          return reconciler;
        },
        List.of(sets, nodes, revisions));
  }

  private DaemonSet create(String more) {
    return bench.create(
        Resources.DAEMON_SETS,
        """
        {'metadata':{'name':'ds'},'spec':{'selector':{'matchLabels':{'app':'d'}},
         'template':{'metadata':{'labels':{'app':'d'}},
         'spec':{'containers':[{'name':'c','image':'one'}]}}MORE}}
        """
            .replace("MORE", more));
  }

  private void image(String image) {
    bench.change(
        Resources.DAEMON_SETS,
        "ds",
        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}}}");
  }

  private void nodes(int count) {
    for (int i = 1; i <= count; i++) {
      bench.node("n" + i, "{'rank':'" + i + "'}");
    }
  }

  private DaemonSet.Status status() {
    return bench.get(Resources.DAEMON_SETS, "ds").status();
  }

  private void runToRest() {
    bench.runToRest((_, pod) -> DaemonPods.node(pod));
  }

  private Map<String, Long> activePerNode() {
    return bench.activePods().stream()
        .collect(Collectors.groupingBy(DaemonPods::node, Collectors.counting()));
  }

  private List<String> images() {
    return bench.activePods().stream()
        .map(pod -> Objects.requireNonNull(pod.spec().containers().getFirst().image()))
        .distinct()
        .toList();
  }

  @Test
  void givesEachNodeOnePodTiedToIt() {
    nodes(3);
    create("");
    runToRest();
    assertThat(activePerNode()).isEqualTo(Map.of("n1", 1L, "n2", 1L, "n3", 1L));
    assertThat(status()).isEqualTo(new DaemonSet.Status(3, 0, 3, 3, 1, 3, 3, 0, null, List.of()));
    assertThat(bench.activePods())
        .allSatisfy(pod ->
            assertThat(pod.spec().tolerations())
                .extracting(t -> t.key().replace("node.kubernetes.io/", "") + ":" + t.effect())
                .contains(
                    "not-ready:NoExecute",
                    "unreachable:NoExecute",
                    "unschedulable:NoSchedule",
                    "pid-pressure:NoSchedule"));
  }

  @Test
  void followsNodesThatComeAndChangeTheirLabels() {
    nodes(2);
    create("");
    bench.change(
        Resources.DAEMON_SETS, "ds", "{'spec':{'template':{'spec':{'nodeSelector':{'gpu':'y'}}}}}");
    runToRest();
    assertThat(bench.activePods()).isEmpty();
    bench.change(Resources.NODES, "n1", "{'metadata':{'labels':{'gpu':'y'}}}");
    bench.node("n9", "{'gpu':'y'}");
    runToRest();
    assertThat(activePerNode()).isEqualTo(Map.of("n1", 1L, "n9", 1L));
    bench.change(Resources.NODES, "n1", "{'metadata':{'labels':{'gpu':null}}}");
    runToRest();
    assertThat(activePerNode()).isEqualTo(Map.of("n9", 1L));
    assertThat(status().desiredNumberScheduled()).isEqualTo(1);
  }

  @Test
  void staysOnANodeThatTakesNoNewPodsAndLeavesOneThatDrivesPodsOut() {
    nodes(3);
    create("");
    runToRest();
    taint("n1", "NoSchedule");
    taint("n2", "NoExecute");
    runToRest();
    assertThat(activePerNode()).isEqualTo(Map.of("n1", 1L, "n3", 1L));
    assertThat(status().desiredNumberScheduled()).isEqualTo(1);
    assertThat(status().numberMisscheduled()).isEqualTo(1);
    Pod pod = onNode("n1");
    bench.api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    runToRest();
    assertThat(activePerNode()).isEqualTo(Map.of("n3", 1L));
  }

  private void taint(String node, String effect) {
    bench.change(
        Resources.NODES, node, "{'spec':{'taints':[{'key':'k','effect':'" + effect + "'}]}}");
  }

  private Pod onNode(String node) {
    return bench.activePods().stream()
        .filter(pod -> DaemonPods.node(pod).equals(node))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void neverDoublesAPodOnAStaleCache() {
    nodes(3);
    create("");
    bench.catchUp();
    for (int i = 0; i < 5; i++) {
      bench.step();
      bench.change(Resources.DAEMON_SETS, "ds", "{'metadata':{'annotations':{'i':'" + i + "'}}}");
      bench.catchUp(sets);
    }
    assertThat(bench.pods()).hasSize(3);
  }

  @Test
  void waitsForTheOldPodToBeGoneAndForgetsNoCreationMeanwhile() {
    nodes(1);
    create("");
    runToRest();
    Pod old = bench.pods().getFirst();
    bench.api.delete(Resources.PODS, old.key(), DeleteOptions.ofUid(old.uid()));
    bench.settle();
    assertThat(bench.pods()).hasSize(1);
    bench.remove(old);
    runToRest();
    assertThat(bench.activePods()).hasSize(1).doesNotContain(old);
  }

  @Test
  void survivesAKillInTheMiddleOfCreating() {
    nodes(5);
    create("");
    AtomicInteger creations = new AtomicInteger();
    bench.api.failWhen(write ->
        write.plural().equals("pods") && creations.incrementAndGet() > 2
            ? Failure.unavailable("killed")
            : null);
    bench.catchUp();
    bench.step();
    bench.api.failWhen(null);
    wire(bench.restart());
    runToRest();
    assertThat(activePerNode()).hasSize(5).allSatisfy((_, count) -> assertThat(count).isOne());
  }

  @Test
  void rollsANewTemplateOutOneNodeAtATime() {
    nodes(4);
    create("");
    runToRest();
    image("two");
    for (int round = 0; round < 60 && !images().equals(List.of("two")); round++) {
      bench.settle();
      long available = bench.activePods().stream().filter(Pod::ready).count();
      assertThat(available).isGreaterThanOrEqualTo(3);
      stepKubelet();
    }
    runToRest();
    assertThat(images()).containsExactly("two");
    assertThat(status().updatedNumberScheduled()).isEqualTo(4);
    assertThat(revisions()).containsExactly(1L, 2L);
  }

  /** One thing happens on the nodes: a pod goes, or a pod starts. */
  private void stepKubelet() {
    for (Pod pod : bench.pods()) {
      if (pod.metadata().deleting()) {
        bench.remove(pod);
        return;
      }
    }
    for (Pod pod : bench.activePods()) {
      if (!pod.ready()) {
        bench.bind(pod, DaemonPods.node(pod));
        bench.ready(pod, true);
        return;
      }
    }
  }

  private List<Long> revisions() {
    return bench.all(Resources.CONTROLLER_REVISIONS).stream()
        .map(ControllerRevision::revision)
        .sorted()
        .toList();
  }

  @Test
  void surgesWithoutEverLackingAPod() {
    nodes(3);
    create(
        ",'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':2,'maxUnavailable':0}}");
    runToRest();
    image("two");
    int most = 0;
    for (int round = 0; round < 60 && !images().equals(List.of("two")); round++) {
      bench.settle();
      assertThat(bench.activePods().stream().filter(Pod::ready).count()).isGreaterThanOrEqualTo(3);
      most = Math.max(most, bench.activePods().size());
      stepKubelet();
    }
    runToRest();
    assertThat(most).isEqualTo(5);
    assertThat(images()).containsExactly("two");
    assertThat(activePerNode()).isEqualTo(Map.of("n1", 1L, "n2", 1L, "n3", 1L));
  }

  @Test
  void waitsForTheUserUnderOnDelete() {
    nodes(2);
    create(",'updateStrategy':{'type':'OnDelete'}");
    runToRest();
    image("two");
    runToRest();
    assertThat(images()).containsExactly("one");
    assertThat(status().updatedNumberScheduled()).isZero();
    Pod pod = onNode("n1");
    bench.api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    runToRest();
    assertThat(images()).containsExactlyInAnyOrder("one", "two");
    assertThat(status().updatedNumberScheduled()).isEqualTo(1);
  }

  @Test
  void keepsSoManyRevisionsAndRaisesOneThatComesBack() {
    nodes(1);
    create(",'revisionHistoryLimit':1");
    runToRest();
    for (String image : List.of("two", "three", "two")) {
      image(image);
      runToRest();
    }
    assertThat(revisions()).containsExactly(3L, 4L);
  }

  @Test
  void restsLongerEachTimeAPodFails() {
    nodes(1);
    create("");
    runToRest();
    failAndRemove();
    assertThat(bench.activePods()).as("the first one is replaced at once").hasSize(1);
    bench.bind(bench.activePods().getFirst(), "n1");
    bench.fail(bench.activePods().getFirst());
    bench.settle();
    assertThat(bench.pods())
        .as("the second one after a second")
        .noneMatch(DaemonSetReconcilerTest::deleting);
    bench.pass(Duration.ofMillis(1100));
    assertThat(bench.pods()).anyMatch(DaemonSetReconcilerTest::deleting);
  }

  private static boolean deleting(Pod pod) {
    return pod.metadata().deleting();
  }

  private void failAndRemove() {
    bench.fail(bench.activePods().getFirst());
    bench.settle();
    bench.pods().stream().filter(DaemonSetReconcilerTest::deleting).forEach(bench::remove);
    bench.settle();
  }

  @Test
  void waitsOutMinReadySeconds() {
    nodes(1);
    create(",'minReadySeconds':30");
    runToRest();
    assertThat(status().numberReady()).isEqualTo(1);
    assertThat(status().numberAvailable()).isZero();
    bench.pass(Duration.ofSeconds(31));
    assertThat(status().numberAvailable()).isEqualTo(1);
  }

  @Test
  void writesNothingAtRest() {
    nodes(2);
    create("");
    runToRest();
    bench.api.clearWrites();
    bench.change(
        Resources.PODS, onNode("n1").metadata().name(), "{'metadata':{'annotations':{'a':'b'}}}");
    runToRest();
    assertThat(bench.api.writes()).hasSize(1);
  }
}
