package minik8s.controller.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import minik8s.api.Condition;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.controller.World;
import minik8s.controller.pods.SlotNames;
import minik8s.controller.status.StatusPace;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ReplicaSetReconcilerTest {
  private final World world = new World();

  private ReplicaSet create(int replicas) {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", "rs");
    ObjectNode spec = document.putObject("spec").put("replicas", replicas);
    spec.putObject("selector").putObject("matchLabels").put("app", "web");
    spec.set("template", World.template("a"));
    return world.api.create(Resources.REPLICA_SETS, "default", document);
  }

  private ReplicaSet set() {
    return world.api.get(Resources.REPLICA_SETS, new ObjectKey("default", "rs"));
  }

  private void resize(int replicas) {
    ObjectNode patch = Json.object();
    patch.putObject("spec").put("replicas", replicas);
    world.api.patch(Resources.REPLICA_SETS, set().key(), "", PatchType.MERGE, patch);
  }

  @Test
  void makesPodsOfItsTemplateAndCountsThem() {
    create(3);
    world.runToRest();
    assertThat(world.pods()).hasSize(3).allMatch(pod -> pod.metadata().controlledBy(set().uid()));
    assertThat(set().status()).isEqualTo(new ReplicaSet.Status(3, 3, 3, 3, null, 1, List.of()));
  }

  @Test
  void neverOverCreatesOnACacheThatShowsNoPods() {
    create(3);
    world.setFeed.catchUp();
    for (int i = 0; i < 5; i++) {
      world.setLoop.step();
      resize(3 + i % 2);
      world.setFeed.catchUp();
    }
    assertThat(world.activePods()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void neverOverCreatesWhenASlotFreesWhileItsSuccessorIsUnseen() {
    create(2);
    world.runToRest();
    Pod first = world.pods().getFirst();
    world.api.delete(Resources.PODS, first.key(), DeleteOptions.ofUid(first.uid()));
    world.podFeed.catchUp();
    world.setLoop.step();
    assertThat(world.activePods()).hasSize(2);
    world.api.delete(Resources.PODS, first.key(), DeleteOptions.now(first.uid()));
    // The cache learns that the old pod is gone, but not of the new one.
    world.podFeed.apply(new minik8s.client.WatchEvent.Deleted<>(first));
    while (world.setLoop.step()) {
      assertThat(world.activePods()).hasSize(2);
    }
    assertThat(world.activePods()).hasSize(2);
  }

  @Test
  void createsAnewWhatWasCreatedAndLostBetweenTwoLooks() {
    create(1);
    world.setFeed.catchUp();
    world.setLoop.step();
    Pod pod = world.pods().getFirst();
    world.api.delete(Resources.PODS, pod.key(), DeleteOptions.now(pod.uid()));
    world.settle();
    assertThat(world.pods()).isEmpty();
    world.timers.advance(Duration.ofSeconds(6));
    world.settle();
    assertThat(world.activePods()).hasSize(1);
  }

  @Test
  void takesTheNextSlotWhenAStrangerHoldsTheName() {
    ReplicaSet set = create(1);
    String name = SlotNames.name("rs", set.uid(), 0);
    ObjectNode stranger = Json.object();
    stranger.putObject("metadata").put("name", name);
    stranger.putObject("spec");
    world.api.create(Resources.PODS, "default", stranger);
    world.setFeed.catchUp();
    world.setLoop.step();
    assertThat(world.pods())
        .extracting(pod -> pod.metadata().name())
        .containsExactlyInAnyOrder(name, SlotNames.name("rs", set.uid(), 1));
  }

  @Test
  void survivesAKillInTheMiddleOfCreating() {
    create(5);
    AtomicInteger creations = new AtomicInteger();
    world.api.failWhen(write ->
        write.verb().equals("create") && creations.incrementAndGet() > 2
            ? Failure.unavailable("killed")
            : null);
    world.setFeed.catchUp();
    world.setLoop.step();
    world.api.failWhen(null);
    World again = world.restart();
    again.runToRest();
    assertThat(world.activePods()).hasSize(5);
  }

  @Test
  void deletesEachSurplusPodOnceOnAStaleCache() {
    create(6);
    world.runToRest();
    resize(3);
    world.setFeed.catchUp();
    world.setLoop.step();
    assertThat(world.activePods()).hasSize(3);
    // The cache still shows six; ranks changed meanwhile, and the set is looked at again.
    world.podFeed.apply(new minik8s.client.WatchEvent.Changed<>(world.activePods().getFirst()));
    while (world.setLoop.step()) {
      assertThat(world.activePods()).hasSize(3);
    }
    world.runToRest();
    assertThat(world.activePods()).hasSize(3);
  }

  @Test
  void adoptsOrphansAndReleasesWhatItSelectsNoMore() {
    ObjectNode orphan = Json.object();
    orphan.putObject("metadata").put("name", "orphan").putObject("labels").put("app", "web");
    orphan.putObject("spec");
    world.api.create(Resources.PODS, "default", orphan);
    create(2);
    world.runToRest();
    assertThat(world.pods()).hasSize(2);
    assertThat(owned("orphan")).isTrue();

    ObjectNode patch = Json.object();
    patch.putObject("metadata").putObject("labels").put("app", "debug");
    world.api.patch(Resources.PODS, new ObjectKey("default", "orphan"), "", PatchType.MERGE, patch);
    world.runToRest();
    assertThat(owned("orphan")).isFalse();
    assertThat(world.pods()).hasSize(3);
  }

  private boolean owned(String pod) {
    return world
        .api
        .get(Resources.PODS, new ObjectKey("default", pod))
        .metadata()
        .controlledBy(set().uid());
  }

  @Test
  void saysWhyItCannotCreateAndRecovers() {
    create(20);
    world.setFeed.catchUp();
    world.api.failWhen(write ->
        write.verb().equals("create") ? Failure.forbidden("", "pods", "", "over quota") : null);
    world.setLoop.step();
    Condition failure = Condition.find(set().status().conditions(), "ReplicaFailure");
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo("FailedCreate");
    assertThat(failure.message()).contains("over quota");

    world.api.failWhen(null);
    world.timers.advance(Duration.ofSeconds(1));
    world.runToRest();
    assertThat(set().status().conditions()).isEmpty();
    assertThat(world.activePods()).hasSize(20);
  }

  @Test
  void waitsOutMinReadySeconds() {
    ReplicaSet set = create(1);
    ObjectNode patch = Json.object();
    patch.putObject("spec").put("minReadySeconds", 30);
    world.api.patch(Resources.REPLICA_SETS, set.key(), "", PatchType.MERGE, patch);
    world.runToRest();
    assertThat(set().status().readyReplicas()).isEqualTo(1);
    assertThat(set().status().availableReplicas()).isZero();
    world.timers.advance(Duration.ofSeconds(31));
    world.settle();
    assertThat(set().status().availableReplicas()).isEqualTo(1);
  }

  @Test
  void writesNothingAtRest() {
    create(3);
    world.runToRest();
    world.api.clearWrites();
    ObjectNode touch = Json.object();
    touch.putObject("metadata").putObject("annotations").put("touched", "yes");
    world.api.patch(Resources.PODS, world.pods().getFirst().key(), "", PatchType.MERGE, touch);
    world.runToRest();
    assertThat(world.api.writes()).hasSize(1);
  }

  @Test
  void replacesEndedPods() {
    create(2);
    world.runToRest();
    ObjectNode patch = Json.object();
    patch.putObject("status").put("phase", "Failed");
    world.api.patch(
        Resources.PODS, world.pods().getFirst().key(), "status", PatchType.MERGE, patch);
    world.runToRest();
    assertThat(world.activePods()).hasSize(2);
    assertThat(world.pods().stream().map(p -> p.metadata().name()).collect(Collectors.toSet()))
        .hasSize(3);
  }

  @Test
  void writesFewStatusesWhilePodsBecomeReadyOneByOne() {
    create(50);
    world.settle();
    for (Pod pod : world.activePods()) {
      world.startAfter(Duration.ofMillis(20), pod);
    }
    // The set is seen, a pace is over, and as the next is over all is complete.
    assertThat(world.statusWrites(Resources.REPLICA_SETS)).isEqualTo(3);
    assertThat(set().status()).isEqualTo(new ReplicaSet.Status(50, 50, 50, 50, null, 1, List.of()));
  }

  @Test
  void writesAWaitingStatusWhenThePaceIsOver() {
    create(3);
    world.settle();
    Pod pod = world.activePods().getFirst();
    world.start(pod);
    world.settle();
    assertThat(set().status().readyReplicas()).isZero();
    world.timers.advance(StatusPace.PACE.minusMillis(1));
    world.settle();
    assertThat(set().status().readyReplicas()).isZero();
    world.timers.advance(Duration.ofMillis(1));
    world.settle();
    assertThat(set().status()).isEqualTo(new ReplicaSet.Status(3, 3, 1, 1, null, 1, List.of()));
  }

  @Test
  void saysAtOnceThatPodsAreMissing() {
    create(3);
    world.runToRest();
    world.setReady(world.activePods().getFirst(), false);
    world.settle();
    assertThat(set().status().readyReplicas()).isEqualTo(2);
    world.setReady(world.activePods().getLast(), false);
    world.settle();
    assertThat(set().status().readyReplicas()).isEqualTo(1);
  }

  @Test
  void losesNoStatusToAConflict() {
    create(3);
    world.settle();
    world.start(world.activePods().getFirst());
    world.settle();
    AtomicInteger refused = new AtomicInteger();
    world.api.failWhen(write ->
        write.subresource().equals("status") && refused.incrementAndGet() == 1
            ? Failure.modified("apps", "replicasets", "rs")
            : null);
    world.timers.advance(StatusPace.PACE);
    world.settle();
    assertThat(refused).hasValue(1);
    assertThat(set().status().readyReplicas()).isZero();
    world.timers.advance(Duration.ofMillis(10));
    world.settle();
    assertThat(set().status().readyReplicas()).isEqualTo(1);
  }

  @Test
  void writesAtOnceAfterARestart() {
    create(3);
    world.settle();
    world.start(world.activePods().getFirst());
    world.restart().settle();
    assertThat(set().status().readyReplicas()).isEqualTo(1);
  }
}
