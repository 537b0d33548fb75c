package minik8s.scheduler;

import static minik8s.scheduler.Nodes.node;
import static minik8s.testing.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.api.Condition;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.scheduler.config.Configuration;
import minik8s.testing.Pods;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

class SchedulingLoopTest {
  private final Bed bed = new Bed();

  @AfterEach
  void close() {
    bed.close();
  }

  @Test
  void bindsAPendingPodOnce() {
    bed.create(node("a"));
    bed.create(pod("web"));
    assertThat(bed.settle()).isEqualTo(1);
    assertThat(bed.nodeOf("web")).isEqualTo("a");
    assertThat(bed.podWrites("binding")).hasSize(1);
    assertThat(bed.podWrites("status")).isEmpty();
  }

  @Test
  void leavesPodsOfOtherSchedulersAndEndingPodsAlone() {
    bed.create(node("a"));
    Pods other = pod("other");
    other.document().withObject("spec").put("schedulerName", "mine");
    bed.create(other);
    Pods ending = pod("ending");
    ending.document().withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
    bed.create(ending);
    bed.create(pod("done").phase("Succeeded"));
    assertThat(bed.settle()).isZero();
    assertThat(bed.podWrites("binding")).isEmpty();
  }

  @Test
  void doesNothingButKeepItsBooksUntilItLeads() {
    Bed standby = new Bed(bed.api, bed.timers);
    bed.create(node("a"));
    bed.create(pod("web"));
    assertThat(standby.settle()).isZero();
    assertThat(bed.podWrites("binding")).isEmpty();
    standby.loop.lead();
    assertThat(standby.settle()).isEqualTo(1);
    assertThat(bed.nodeOf("web")).isEqualTo("a");
    standby.close();
  }

  @Test
  void placesPodsOfEachProfileByItsOwnRules() {
    Configuration configuration =
        Configuration.of(
            Yaml.documents(
                    """
                    apiVersion: kubescheduler.config.k8s.io/v1
                    kind: KubeSchedulerConfiguration
                    profiles:
                    - schedulerName: default-scheduler
                    - schedulerName: blind
                      plugins: {filter: {disabled: [{name: NodeUnschedulable}]}}
                    """)
                .getFirst());
    Bed two = new Bed(bed.api, bed.timers, configuration.profiles());
    two.loop.lead();
    bed.create(node("a").cordoned());
    for (String name : List.of("default-scheduler", "blind", "elsewhere")) {
      Pods pod = pod(name);
      pod.document().withObject("spec").put("schedulerName", name);
      bed.create(pod);
    }
    two.settle();
    assertThat(bed.nodeOf("blind")).isEqualTo("a");
    assertThat(bed.condition("default-scheduler").message()).contains("node(s) were unschedulable");
    assertThat(bed.pod("elsewhere").status().conditions()).isEmpty();
    two.close();
  }

  @Test
  void asksOnlyTheNodesThatAPodNames() {
    bed.create(node("a"));
    bed.create(node("b").offers(Map.of("cpu", "1")));
    bed.create(node("c"));
    bed.create(ofDaemonSet("fits", "c"));
    bed.create(ofDaemonSet("large", "b").requests(Map.of("cpu", "2")));
    bed.settle();
    assertThat(bed.nodeOf("fits")).isEqualTo("c");
    assertThat(bed.condition("large").message())
        .isEqualTo(
            "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s)"
                + " [NodeAffinity]. preemption: 0/3 nodes are available: 3 Preemption is not helpful"
                + " for scheduling.");
  }

  private static Pods ofDaemonSet(String name, String node) {
    Pods pod = pod(name);
    pod.document()
        .withObject("spec")
        .setAll(
            (ObjectNode)
                Yaml.documents(
                        """
                        affinity:
                          nodeAffinity:
                            requiredDuringSchedulingIgnoredDuringExecution:
                              nodeSelectorTerms:
                              - matchFields:
                                - {key: metadata.name, operator: In, values: [%s]}
                        """
                            .formatted(node))
                    .getFirst());
    return pod;
  }

  @Test
  void saysWhyNoNodeWillDo() {
    bed.create(node("small").offers(Map.of("cpu", "1")).label("disk", "ssd"));
    bed.create(node("b"));
    bed.create(node("c"));
    Pods picky = pod("picky").requests(Map.of("cpu", "2"));
    picky.document().withObject("spec").putObject("nodeSelector").put("disk", "ssd");
    bed.create(picky);
    bed.settle();
    Condition condition = bed.condition("picky");
    assertThat(condition.status()).isEqualTo("False");
    assertThat(condition.reason()).isEqualTo("Unschedulable");
    assertThat(condition.message())
        .isEqualTo(
            "0/3 nodes are available: 1 Insufficient cpu,"
                + " 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes"
                + " are available: 3 Preemption is not helpful for scheduling.");
    assertThat(condition.lastTransitionTime()).isEqualTo(bed.timers.clock().instant());
  }

  @Test
  void saysThatThereAreNoNodes() {
    bed.create(pod("early"));
    bed.settle();
    assertThat(bed.condition("early").message()).isEqualTo("no nodes available to schedule pods");
    bed.create(node("a"));
    bed.settle();
    assertThat(bed.nodeOf("early")).isEqualTo("a");
  }

  @Test
  void writesTheSameExplanationOnce() {
    bed.create(node("a"));
    bed.create(pod("big").requests(Map.of("cpu", "9")));
    bed.settle();
    bed.timers.advance(Duration.ofMinutes(5));
    assertThat(bed.settle()).as("tried again").isEqualTo(1);
    assertThat(bed.podWrites("status")).hasSize(1);
  }

  @Test
  void refusesEqualPodsWithTheSameWords() {
    bed.create(node("a"));
    bed.create(pod("big-1").requests(Map.of("cpu", "9")));
    bed.create(pod("big-2").requests(Map.of("cpu", "9")));
    bed.create(pod("big-3").requests(Map.of("memory", "99Gi")));
    bed.settle();
    assertThat(bed.condition("big-2").message())
        .isEqualTo(bed.condition("big-1").message())
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes"
                + " are available: 1 Preemption is not helpful for scheduling.");
    assertThat(bed.condition("big-3").message())
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes"
                + " are available: 1 Preemption is not helpful for scheduling.");
  }

  @Test
  void triesAgainWhenANodeComes() {
    bed.create(node("small"));
    bed.create(pod("big").requests(Map.of("cpu", "9")));
    bed.settle();
    bed.create(node("small-too"));
    assertThat(bed.settle()).as("no hurry for a node that is too small").isZero();
    bed.timers.advance(Duration.ofSeconds(1));
    assertThat(bed.settle()).isEqualTo(1);
    assertThat(bed.condition("big").message())
        .isEqualTo(
            "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes"
                + " are available: 2 Preemption is not helpful for scheduling.");
    bed.create(node("large").offers(Map.of("cpu", "16")));
    assertThat(bed.settle()).as("at once").isEqualTo(1);
    assertThat(bed.nodeOf("big")).isEqualTo("large");
  }

  @Test
  void triesAgainWhenLabelsTaintsOrAmountsOfANodeChange() {
    bed.create(node("a").taint("k", "v", "NoSchedule").offers(Map.of("cpu", "1")));
    Pods picky = pod("picky").requests(Map.of("cpu", "2"));
    picky.document().withObject("spec").putObject("nodeSelector").put("disk", "ssd");
    bed.create(picky);
    bed.settle();
    assertThat(bed.condition("picky").message()).contains("untolerated taint {k: v}");
    bed.update(node("a").offers(Map.of("cpu", "1")));
    later();
    assertThat(bed.condition("picky").message()).contains("didn't match Pod's node affinity");
    bed.update(node("a").label("disk", "ssd"));
    later();
    assertThat(bed.condition("picky").message()).contains("Insufficient cpu");
    bed.updateStatus(node("a").offers(Map.of("cpu", "4")));
    bed.settle();
    assertThat(bed.nodeOf("picky")).isEqualTo("a");
  }

  @Test
  void isNotWokenByRoomThatIsTooSmall() {
    bed.create(node("a"));
    bed.create(pod("small").requests(Map.of("cpu", "1")));
    bed.create(pod("half").requests(Map.of("cpu", "2")));
    bed.create(pod("large").requests(Map.of("cpu", "3")));
    bed.settle();
    bed.delete("small");
    assertThat(bed.settle()).isZero();
    bed.delete("half");
    assertThat(bed.settle()).isEqualTo(1);
    assertThat(bed.nodeOf("large")).isEqualTo("a");
  }

  @Test
  void isNotWokenByHeartbeats() {
    bed.create(node("a"));
    bed.create(pod("big").requests(Map.of("cpu", "9")));
    bed.settle();
    Nodes beat = node("a");
    beat.document()
        .withObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True");
    bed.updateStatus(beat);
    assertThat(bed.settle()).isZero();
  }

  @Test
  void triesAgainWhenAPodMakesRoom() {
    bed.create(node("a"));
    bed.create(pod("first").requests(Map.of("cpu", "3")));
    bed.settle();
    bed.create(pod("second").requests(Map.of("cpu", "3")));
    bed.settle();
    assertThat(bed.nodeOf("second")).isEmpty();
    bed.delete("first");
    bed.settle();
    assertThat(bed.nodeOf("second")).isEqualTo("a");
  }

  @Test
  void triesAgainWhenAPodEnds() {
    bed.create(node("a"));
    bed.create(pod("first").requests(Map.of("cpu", "3")));
    bed.settle();
    bed.create(pod("second").requests(Map.of("cpu", "3")));
    bed.settle();
    bed.api.patchStatus(
        Resources.PODS, Bed.key("first"), pod("first").phase("Succeeded").document());
    bed.settle();
    assertThat(bed.nodeOf("second")).isEqualTo("a");
  }

  @Test
  void countsPodsThatTheInformerDoesNotShowBoundYet() {
    bed.create(node("a"));
    bed.create(node("b"));
    for (String name : List.of("p", "q", "r")) {
      bed.create(pod(name).requests(Map.of("cpu", "3")));
    }
    bed.see();
    assertThat(bed.attempt()).isEqualTo(3);
    bed.write();
    assertThat(List.of(bed.nodeOf("p"), bed.nodeOf("q"))).containsExactlyInAnyOrder("a", "b");
    assertThat(bed.condition("r").message())
        .isEqualTo(
            "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes"
                + " are available: 2 No preemption victims found for incoming pod.");
  }

  @Test
  void takesAnAssumptionBackWhenTheBindingFails() {
    bed.create(node("a"));
    bed.create(pod("unlucky").requests(Map.of("cpu", "3")));
    bed.api.failWhen(
        w -> w.subresource().equals("binding") ? Failure.unavailable("try later") : null);
    bed.settle();
    bed.api.failWhen(null);
    bed.create(pod("lucky").requests(Map.of("cpu", "3")));
    bed.settle();
    assertThat(bed.nodeOf("lucky")).as("the room is free again").isEqualTo("a");

    bed.delete("lucky");
    assertThat(bed.settle()).as("no attempt before the back-off is over").isZero();
    bed.timers.advance(Duration.ofSeconds(1));
    bed.settle();
    assertThat(bed.nodeOf("unlucky")).isEqualTo("a");
  }

  @Test
  void takesAConflictAsDoneElsewhere() {
    bed.create(node("a"));
    bed.create(node("b"));
    bed.create(pod("web").requests(Map.of("cpu", "3")));
    bed.see();
    bed.attempt();
    bed.gateway.bind(bed.pod("web"), "b");
    bed.write();
    bed.settle();
    bed.timers.advance(Duration.ofMinutes(10));
    assertThat(bed.settle()).isZero();
    assertThat(bed.nodeOf("web")).isEqualTo("b");
    bed.create(pod("next").requests(Map.of("cpu", "3")));
    bed.settle();
    assertThat(bed.nodeOf("next")).as("nothing is assumed on a any more").isEqualTo("a");
  }

  @Test
  void forgetsAPodThatIsDeletedWhileItIsBound() {
    bed.create(node("a"));
    bed.create(pod("gone").requests(Map.of("cpu", "3")));
    bed.see();
    bed.attempt();
    bed.delete("gone");
    bed.see();
    bed.attempt();
    bed.write();
    bed.timers.advance(Duration.ofMinutes(10));
    assertThat(bed.settle()).isZero();
    bed.create(pod("next").requests(Map.of("cpu", "3")));
    bed.settle();
    assertThat(bed.nodeOf("next")).isEqualTo("a");
  }

  @Test
  void triesAPodOnceThoughItChangesWhileItIsBound() {
    bed.create(node("a"));
    bed.create(pod("web"));
    bed.see();
    bed.attempt();
    bed.api.patchStatus(Resources.PODS, Bed.key("web"), pod("web").phase("Pending").document());
    bed.see();
    assertThat(bed.attempt()).isZero();
    bed.write();
    assertThat(bed.podWrites("binding")).hasSize(1);
  }

  @Test
  void freesTheRoomThatItAssumedWhenThePodWentElsewhere() {
    bed.create(node("a").label("name", "a"));
    bed.create(pod("web").requests(Map.of("cpu", "3")));
    bed.see();
    bed.attempt();
    Pods next = pod("next").requests(Map.of("cpu", "3"));
    next.document().withObject("spec").putObject("nodeSelector").put("name", "a");
    bed.create(next);
    bed.see();
    bed.attempt();
    bed.create(node("b"));
    bed.gateway.bind(bed.pod("web"), "b");
    bed.settle();
    assertThat(bed.nodeOf("next")).isEqualTo("a");
  }

  @Test
  void forgetsPodsThatAreDeletedWhileTheyWait() {
    bed.create(pod("early"));
    bed.settle();
    bed.delete("early");
    bed.create(node("a"));
    assertThat(bed.settle()).isZero();
  }

  @Test
  void sendsNothingToNodesThatAreGone() {
    bed.create(node("a"));
    bed.settle();
    bed.api.delete(Resources.NODES, ObjectKey.cluster("a"), DeleteOptions.BACKGROUND);
    bed.create(pod("late"));
    bed.settle();
    assertThat(bed.condition("late").message()).isEqualTo("no nodes available to schedule pods");
  }

  @Test
  void tellsAPodFromItsNamesake() {
    bed.create(node("a"));
    bed.create(pod("web").requests(Map.of("cpu", "3")));
    bed.settle();
    bed.delete("web");
    bed.create(pod("web").requests(Map.of("cpu", "4")));
    bed.settle();
    assertThat(bed.nodeOf("web")).isEqualTo("a");
    assertThat(bed.podWrites("binding")).hasSize(2);
  }

  @Test
  void placesUrgentPodsFirst() {
    bed.create(node("a"));
    bed.create(pod("early").requests(Map.of("cpu", "3")));
    Pods urgent = pod("urgent").requests(Map.of("cpu", "3"));
    urgent.document().withObject("spec").put("priority", 1000);
    bed.create(urgent);
    bed.settle();
    assertThat(bed.nodeOf("urgent")).isEqualTo("a");
    assertThat(bed.nodeOf("early")).isEmpty();
  }

  @Test
  void waitsForGates() {
    bed.create(node("a"));
    Pods gated = pod("gated");
    gated.document().withObject("spec").putArray("schedulingGates").addObject().put("name", "x");
    bed.create(gated);
    bed.settle();
    assertThat(bed.condition("gated").reason()).isEqualTo("SchedulingGated");
    assertThat(bed.condition("gated").message())
        .isEqualTo("Scheduling is blocked due to non-empty scheduling gates");
    bed.api.patch(
        Resources.PODS,
        Bed.key("gated"),
        "",
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"schedulingGates\":null}}"));
    bed.settle();
    assertThat(bed.nodeOf("gated")).isEqualTo("a");
  }

  @Test
  void goesOnAfterARestartWhereItWas() {
    bed.create(node("a"));
    bed.create(pod("first").requests(Map.of("cpu", "3")));
    bed.settle();
    bed.create(pod("second").requests(Map.of("cpu", "3")));
    bed.api.clearWrites();
    Bed restarted = new Bed(bed.api, bed.timers);
    restarted.loop.lead();
    restarted.settle();
    assertThat(bed.podWrites("binding")).isEmpty();
    assertThat(bed.condition("second").message())
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes"
                + " are available: 1 No preemption victims found for incoming pod.");
    restarted.close();
  }

  @Test
  void surroundsNoPodWithSilenceWhenOneIsMalformed() {
    bed.create(node("a"));
    bed.create(pod("broken").requests(Map.of("cpu", "many")));
    bed.create(pod("web"));
    bed.settle();
    assertThat(bed.nodeOf("web")).isEqualTo("a");
  }

  @Test
  void spreadsReplicasOverNodes() {
    for (String name : List.of("a", "b", "c")) {
      bed.create(node(name));
    }
    for (int i = 0; i < 6; i++) {
      Pods replica = pod("r" + i);
      replica
          .document()
          .withObject("metadata")
          .putArray("ownerReferences")
          .addObject()
          .put("uid", "set")
          .put("controller", true);
      bed.create(replica);
    }
    bed.settle();
    Map<String, Long> perNode = new java.util.TreeMap<>();
    for (int i = 0; i < 6; i++) {
      perNode.merge(bed.nodeOf("r" + i), 1L, Long::sum);
    }
    assertThat(perNode).isEqualTo(Map.of("a", 2L, "b", 2L, "c", 2L));
  }

  @Test
  @Timeout(60)
  void wakesItselfWhenABackoffEnds() {
    AtomicInteger bindings = new AtomicInteger();
    bed.api.failWhen(w ->
        w.subresource().equals("binding") && bindings.incrementAndGet() == 1
            ? Failure.unavailable("try later")
            : null);
    bed.create(node("a"));
    bed.create(pod("web"));
    bed.loop.start();
    bed.see();
    while (bed.nodeOf("web").isEmpty()) {
      bed.write();
      bed.timers.advance(Duration.ofSeconds(1));
      Thread.onSpinWait();
    }
    bed.loop.close();
    assertThat(bindings).hasValue(2);
  }

  @Test
  void countsAttemptsAndPendingPods() {
    bed.create(node("a"));
    bed.create(pod("web"));
    bed.create(pod("big").requests(Map.of("cpu", "9")));
    bed.settle();
    assertThat(count("scheduled")).isEqualTo(1);
    assertThat(count("unschedulable")).isEqualTo(1);
    assertThat(pending("unschedulable")).isEqualTo(1);
    assertThat(pending("active")).isZero();
  }

  /** Lets every back-off end. */
  private void later() {
    bed.see();
    bed.attempt();
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
  }

  private double count(String result) {
    return Objects.requireNonNull(
            bed.registry.find("scheduler_schedule_attempts").tag("result", result).counter())
        .count();
  }

  private double pending(String queue) {
    return Objects.requireNonNull(
            bed.registry.find("scheduler_pending_pods").tag("queue", queue).gauge())
        .value();
  }
}
