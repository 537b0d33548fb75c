package minik8s.scheduler;

import static minik8s.scheduler.Nodes.node;
import static minik8s.testing.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import minik8s.api.Condition;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.codec.Yaml;
import minik8s.client.DeleteOptions;
import minik8s.testing.FakeApi;
import minik8s.testing.Pods;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** More important pods displace less important ones. */
class PreemptionTest {
  private final Bed bed = new Bed();

  @AfterEach
  void close() {
    bed.close();
  }

  @Test
  void makesRoomForAMoreImportantPod() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();

    assertThat(bed.pod("low").metadata().deleting()).isTrue();
    Condition target = Condition.find(bed.pod("low").status().conditions(), "DisruptionTarget");
    assertThat(target).isNotNull();
    assertThat(target.reason()).isEqualTo("PreemptionByScheduler");
    assertThat(target.message())
        .isEqualTo("default-scheduler: preempting to accommodate a higher priority pod");
    assertThat(bed.pod("high").status().nominatedNodeName()).isEqualTo("a");
    assertThat(bed.condition("high").message())
        .isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");

    bed.delete("low");
    bed.settle();
    assertThat(bed.nodeOf("high")).isEqualTo("a");
  }

  @Test
  void saysForWhomRoomIsMadeBeforeItMakesIt() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.api.clearWrites();
    bed.create(wants("high", 100, "3"));
    bed.settle();
    List<String> writes =
        bed.api.writes().stream()
            .filter(w -> w.plural().equals("pods") && !w.verb().equals("create"))
            .map(w -> w.verb() + " " + w.key().name())
            .toList();
    assertThat(writes).containsExactly("patch high", "patch low", "delete low");
  }

  @Test
  void displacesNoMoreWhileVictimsStillLeave() {
    bed.create(node("a"));
    bed.create(node("b"));
    running("low-1", 0, "3");
    running("low-2", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    bed.create(node("c").offers(Map.of("cpu", "1")));
    bed.settle();
    bed.timers.advance(Duration.ofMinutes(6));
    bed.settle();
    assertThat(deletions()).hasSize(1);
    assertThat(bed.condition("high").message())
        .endsWith("preemption: not eligible due to a terminating pod on the nominated node.");
    assertThat(bed.pod("high").status().nominatedNodeName()).isNotEmpty();
  }

  @Test
  void displacesNoMoreWhileTheDeletionIsUnderWay() {
    bed.create(node("a"));
    bed.create(node("b"));
    running("low-1", 0, "3");
    running("low-2", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.see();
    bed.attempt();
    bed.create(node("small").offers(Map.of("cpu", "1")));
    bed.see();
    bed.timers.advance(Duration.ofSeconds(10));
    bed.attempt();
    bed.write();
    bed.settle();
    assertThat(deletions()).hasSize(1);
  }

  @Test
  void displacesOnlyLessImportantPods() {
    bed.create(node("a"));
    running("equal", 100, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    assertThat(deletions()).isEmpty();
    assertThat(bed.condition("high").message())
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No"
                + " preemption victims found for incoming pod.");
  }

  @Test
  void displacesNobodyForAPodThatMustNot() {
    bed.create(node("a"));
    running("low", 0, "3");
    Pods polite = wants("polite", 100, "3");
    polite.document().withObject("spec").put("preemptionPolicy", "Never");
    bed.create(polite);
    bed.settle();
    assertThat(deletions()).isEmpty();
    assertThat(bed.condition("polite").message())
        .endsWith("preemption: not eligible due to preemptionPolicy=Never.");
  }

  @Test
  void displacesAsFewAsWillDo() {
    bed.create(node("a"));
    running("one", 0, "1");
    running("two", 0, "1");
    running("three", 10, "1");
    running("four", 10, "1");
    bed.create(wants("high", 100, "2"));
    bed.settle();
    assertThat(deletions()).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void choosesTheNodeWithTheLeastImportantVictims() {
    bed.create(node("a"));
    bed.create(node("b"));
    running("middle", 50, "3");
    running("low", 1, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    assertThat(deletions()).containsExactly("low");
  }

  @Test
  void regardsDisruptionBudgetsWhereThereIsAChoice() {
    bed.create(node("a"));
    bed.create(node("b"));
    bed.create(budget("guarded", 0));
    running("guarded", 0, "3");
    running("free", 10, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    assertThat(deletions()).containsExactly("free");
    bed.create(wants("higher", 200, "3"));
    bed.settle();
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
    assertThat(deletions()).as("where there is none").containsExactly("free", "guarded");
  }

  @Test
  void keepsTheRoomForWhomItWasMade() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    bed.create(wants("sneaky", 50, "2"));
    bed.delete("low");
    bed.settle();
    assertThat(bed.nodeOf("high")).isEqualTo("a");
    assertThat(bed.nodeOf("sneaky")).isEmpty();
  }

  @Test
  void givesTheRoomToAMoreImportantPodAndTellsWhoWaitedForIt() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    bed.create(wants("higher", 200, "3"));
    bed.settle();
    bed.delete("low");
    bed.settle();
    assertThat(bed.nodeOf("higher")).isEqualTo("a");
    assertThat(bed.nodeOf("high")).isEmpty();
    assertThat(bed.pod("high").status().nominatedNodeName()).isEmpty();
  }

  @Test
  void goesOnWhenItIsKilledBetweenNominationAndDeletion() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.api.failWhen(w -> w.verb().equals("delete") ? Failure.unavailable("killed") : null);
    bed.settle();
    assertThat(bed.pod("high").status().nominatedNodeName()).isEqualTo("a");
    assertThat(bed.pod("low").metadata().deleting()).isFalse();

    bed.api.failWhen(null);
    Bed restarted = new Bed(bed.api, bed.timers);
    restarted.loop.lead();
    restarted.settle();
    assertThat(deletions()).containsExactly("low");
    restarted.delete("low");
    restarted.settle();
    assertThat(bed.nodeOf("high")).isEqualTo("a");
    restarted.close();
  }

  @Test
  void keepsTheRoomAcrossARestart() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    bed.create(wants("sneaky", 50, "2"));
    bed.delete("low");
    Bed restarted = new Bed(bed.api, bed.timers);
    restarted.loop.lead();
    restarted.settle();
    assertThat(bed.nodeOf("high")).isEqualTo("a");
    assertThat(bed.nodeOf("sneaky")).isEmpty();
    restarted.close();
  }

  @Test
  void triesAgainWhenAVictimCannotBeDeleted() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.api.failWhen(w -> w.verb().equals("delete") ? Failure.unavailable("not now") : null);
    bed.settle();
    bed.api.failWhen(null);
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
    assertThat(deletions()).containsExactly("low");
  }

  @Test
  void keepsTheRoomWhenTheBindingFailsAfterwards() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    bed.delete("low");
    bed.api.failWhen(
        w -> w.subresource().equals("binding") ? Failure.unavailable("not now") : null);
    bed.settle();
    bed.api.failWhen(null);
    bed.create(wants("sneaky", 50, "2"));
    bed.settle();
    assertThat(bed.nodeOf("sneaky")).isEmpty();
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
    assertThat(bed.nodeOf("high")).isEqualTo("a");
    assertThat(deletions()).containsExactly("low");
  }

  @Test
  void evictsNobodyForAPodThatIsGoneMeanwhile() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.see();
    bed.attempt();
    bed.delete("high");
    bed.write();
    bed.settle();
    assertThat(bed.pod("low").metadata().deleting()).isFalse();
  }

  @Test
  void givesUpRoomThatIsOfNoUseAnyMore() {
    bed.create(node("a"));
    running("low", 0, "3");
    bed.create(wants("high", 100, "3"));
    bed.settle();
    bed.delete("low");
    bed.api.delete(Resources.NODES, ObjectKey.cluster("a"), DeleteOptions.BACKGROUND);
    bed.create(node("b").offers(Map.of("cpu", "1")));
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
    assertThat(bed.pod("high").status().nominatedNodeName()).isEmpty();
  }

  @Test
  void makesRoomForEachOfSeveralAlike() {
    bed.create(node("a"));
    bed.create(node("b"));
    running("low-1", 0, "3");
    running("low-2", 0, "3");
    bed.create(wants("high-1", 100, "3"));
    bed.create(wants("high-2", 100, "3"));
    bed.settle();
    assertThat(deletions()).containsExactlyInAnyOrder("low-1", "low-2");
    bed.delete("low-1");
    bed.delete("low-2");
    bed.settle();
    assertThat(List.of(bed.nodeOf("high-1"), bed.nodeOf("high-2")))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void displacesWhoStandsInTheWayOfAntiAffinity() {
    bed.create(node("a").label("kubernetes.io/hostname", "a"));
    Pods low = wants("low", 0, "1").label("app", "web");
    bed.create(low);
    bed.settle();
    Pods high = wants("high", 100, "1");
    high.document()
        .withObject("spec")
        .setAll(
            yaml(
                """
                affinity:
                  podAntiAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                    - topologyKey: kubernetes.io/hostname
                      labelSelector: {matchLabels: {app: web}}
                """));
    bed.create(high);
    bed.settle();
    assertThat(deletions()).containsExactly("low");
    assertThat(bed.condition("high").message())
        .isEqualTo("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.");
    bed.delete("low");
    bed.settle();
    assertThat(bed.nodeOf("high")).isEqualTo("a");
  }

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Yaml.documents(text).getFirst();
  }

  private static Pods wants(String name, int priority, String cpu) {
    Pods pod = pod(name).requests(Map.of("cpu", cpu)).label("name", name);
    pod.document().withObject("spec").put("priority", priority);
    return pod;
  }

  private void running(String name, int priority, String cpu) {
    bed.create(wants(name, priority, cpu));
    bed.settle();
    assertThat(bed.nodeOf(name)).isNotEmpty();
  }

  private static ObjectNode budget(String pod, int allowed) {
    return yaml(
        """
        metadata: {name: budget, namespace: default}
        spec: {minAvailable: 1, selector: {matchLabels: {name: %s}}}
        status: {disruptionsAllowed: %d}
        """
            .formatted(pod, allowed));
  }

  /** Names of the pods whose deletion the scheduler asked for. */
  private List<String> deletions() {
    return bed.api.writes().stream()
        .filter(w -> w.verb().equals("delete") && w.plural().equals("pods"))
        .map(FakeApi.Write::key)
        .map(ObjectKey::name)
        .distinct()
        .toList();
  }
}
