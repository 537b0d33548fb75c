package minik8s.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import minik8s.api.Condition;
import minik8s.api.Deployment;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import minik8s.client.DeleteOptions;
import minik8s.controller.World;
import minik8s.controller.pods.Templates;
import minik8s.controller.status.StatusPace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DeploymentReconcilerTest {
  private final World world = new World();

  private Condition condition(String type) {
    return Objects.requireNonNull(
        Condition.find(world.deployment().status().conditions(), type), type);
  }

  @Test
  void bringsUpPodsAndSaysSo() {
    world.deploy(3, "a", _ -> {});
    world.runToRest();
    Deployment done = world.deployment();
    assertThat(world.activePods()).hasSize(3);
    assertThat(done.status().availableReplicas()).isEqualTo(3);
    assertThat(done.status().updatedReplicas()).isEqualTo(3);
    assertThat(done.status().unavailableReplicas()).isZero();
    assertThat(done.status().observedGeneration()).isEqualTo(done.metadata().generation());
    assertThat(done.metadata().annotations()).containsEntry(Marks.REVISION, "1");
    assertThat(condition("Available").reason()).isEqualTo("MinimumReplicasAvailable");
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
    String set = world.sets().getFirst().metadata().name();
    assertThat(condition("Progressing").message())
        .isEqualTo("ReplicaSet \"" + set + "\" has successfully progressed.");
    Pod pod = world.pods().getFirst();
    assertThat(pod.metadata().name()).startsWith(set + "-");
    assertThat(set).endsWith(pod.metadata().labels().get("pod-template-hash"));
  }

  @Test
  void reportsTheNewSetFirst() {
    world.deploy(3, "a", _ -> {});
    world.settle();
    assertThat(condition("Progressing").message()).startsWith("Created new replica set");
    world.timers.advance(StatusPace.PACE);
    world.settle();
    assertThat(condition("Progressing").message()).contains("is progressing");
    assertThat(condition("Available").reason()).isEqualTo("MinimumReplicasUnavailable");
  }

  @Test
  void rollsOutANewImageAndBackAgain() {
    world.deploy(4, "a", _ -> {});
    world.runToRest();
    world.changeImage("b");
    world.runToRest();
    assertThat(world.set("a").spec().wanted()).isZero();
    assertThat(world.set("b").spec().wanted()).isEqualTo(4);
    assertThat(world.deployment().metadata().annotations()).containsEntry(Marks.REVISION, "2");

    world.changeImage("a");
    world.runToRest();
    assertThat(world.sets()).hasSize(2);
    assertThat(world.set("a").spec().wanted()).isEqualTo(4);
    assertThat(world.set("a").metadata().annotations())
        .containsEntry(Marks.REVISION, "3")
        .containsEntry(Marks.HISTORY, "1");
    assertThat(world.deployment().metadata().annotations()).containsEntry(Marks.REVISION, "3");
  }

  @Test
  void stopsWhenNewPodsDoNotBecomeReady() {
    world.deploy(4, "a", spec -> spec.put("progressDeadlineSeconds", 60));
    world.runToRest();
    world.changeImage("bad");
    world.settle();
    assertThat(world.availablePods()).isEqualTo(3);
    assertThat(world.set("bad").spec().wanted()).isEqualTo(2);
    assertThat(world.set("a").spec().wanted()).isEqualTo(3);
    world.timers.advance(StatusPace.PACE);
    world.settle();
    world.timers.advance(Duration.ofSeconds(70));
    world.settle();
    assertThat(condition("Progressing").reason()).isEqualTo("ProgressDeadlineExceeded");
    assertThat(condition("Progressing").status()).isEqualTo("False");
    assertThat(condition("Available").isTrue()).isTrue();
    world.changeImage("a");
    world.runToRest();
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void pausesAndResumes() {
    world.deploy(2, "a", _ -> {});
    world.runToRest();
    world.change(spec -> spec.put("paused", true));
    world.settle();
    assertThat(condition("Progressing").reason()).isEqualTo("DeploymentPaused");
    world.changeImage("b");
    world.runToRest();
    assertThat(world.sets()).hasSize(1);
    world.change(spec -> spec.put("paused", false));
    world.runToRest();
    assertThat(world.set("b").spec().wanted()).isEqualTo(2);
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void recreatesWithoutOverlap() {
    world.deploy(3, "a", spec -> spec.putObject("strategy").put("type", "Recreate"));
    world.runToRest();
    world.changeImage("b");
    world.settle();
    assertThat(world.pods()).hasSize(3).allMatch(pod -> pod.metadata().deleting());
    world.runToRest();
    assertThat(world.activePods()).hasSize(3);
    assertThat(world.set("b").status().availableReplicas()).isEqualTo(3);
  }

  @Test
  void usesItsOwnSetThatTheCacheDoesNotShow() {
    world.deploy(3, "a", _ -> {});
    world.deploymentFeed.catchUp();
    world.deploymentLoop.step();
    world.deploymentFeed.catchUp();
    world.deploymentLoop.step();
    assertThat(world.sets()).hasSize(1);
    assertThat(world.deployment().status().collisionCount()).isNull();
  }

  @Test
  void choosesAnotherNameWhenAStrangerHoldsIt() {
    Deployment deployment = world.deploy(1, "a", _ -> {});
    String name = "web-" + Templates.hash(deployment.spec().template(), null);
    ObjectNode stranger = Json.object();
    stranger.putObject("metadata").put("name", name);
    ObjectNode spec = stranger.putObject("spec").put("replicas", 0);
    spec.putObject("selector").putObject("matchLabels").put("app", "other");
    spec.set("template", World.template("other"));
    world.api.create(Resources.REPLICA_SETS, "default", stranger);
    world.runToRest();
    assertThat(world.deployment().status().collisionCount()).isEqualTo(1);
    assertThat(world.activePods()).hasSize(1);
    assertThat(world.sets()).hasSize(2);
  }

  @Test
  void scalesNothingTwiceOnAStaleCache() {
    world.deploy(10, "a", _ -> {});
    world.runToRest();
    world.changeImage("b");
    world.deploymentFeed.catchUp();
    for (int i = 0; i < 5; i++) {
      world.deploymentLoop.step();
      world.timers.advance(Duration.ofSeconds(1));
    }
    int size = world.sets().stream().mapToInt(set -> set.spec().wanted()).sum();
    assertThat(size).isLessThanOrEqualTo(13);
    assertThat(world.set("a").spec().wanted()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void tellsWhyASetCouldNotBeCreated() {
    world.deploy(1, "a", _ -> {});
    world.api.failWhen(
        write -> write.verb().equals("create") ? Failure.internal("disk full") : null);
    world.settleOnce();
    assertThat(condition("Progressing").reason()).isEqualTo("ReplicaSetCreateError");
    assertThat(condition("Progressing").message()).contains("disk full");
    world.api.failWhen(null);
    world.timers.advance(Duration.ofSeconds(1));
    world.runToRest();
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void adoptsAnOrphanedSetOfTheSameTemplate() {
    world.deploy(2, "a", _ -> {});
    world.runToRest();
    String uid = world.sets().getFirst().uid();
    world.api.delete(Resources.DEPLOYMENTS, world.deployment().key(), DeleteOptions.BACKGROUND);
    ObjectNode patch = Json.object();
    patch.putObject("metadata").putNull("ownerReferences");
    world.api.patch(
        Resources.REPLICA_SETS,
        world.sets().getFirst().key(),
        "",
        minik8s.client.PatchType.MERGE,
        patch);
    world.catchUp();
    world.deploy(2, "a", _ -> {});
    world.runToRest();
    assertThat(world.sets()).singleElement().extracting(ReplicaSet::uid).isEqualTo(uid);
    assertThat(world.sets().getFirst().metadata().controlledBy(world.deployment().uid())).isTrue();
  }

  @Test
  void keepsNoMoreHistoryThanAsked() {
    world.deploy(1, "a", spec -> spec.put("revisionHistoryLimit", 2));
    for (String image : new String[] {"a", "b", "c", "d", "e"}) {
      world.changeImage(image);
      world.runToRest();
    }
    assertThat(world.sets()).hasSize(3);
    assertThat(world.set("c").spec().wanted()).isZero();
  }

  @Test
  void writesNothingAtRest() {
    world.deploy(3, "a", _ -> {});
    world.runToRest();
    world.api.clearWrites();
    World again = world.restart();
    again.runToRest();
    assertThat(world.api.writes()).isEmpty();
  }

  @Test
  void forgetsADeletedDeployment() {
    world.deploy(1, "a", _ -> {});
    world.runToRest();
    world.api.delete(
        Resources.DEPLOYMENTS, new ObjectKey("default", "web"), DeleteOptions.BACKGROUND);
    world.runToRest();
    assertThat(world.sets()).hasSize(1);
  }

  @Test
  void writesFewStatusesWhilePodsBecomeReadyOneByOne() {
    world.deploy(50, "a", _ -> {});
    world.settle();
    for (Pod pod : world.activePods()) {
      world.startAfter(Duration.ofMillis(20), pod);
    }
    assertThat(world.statusWrites(Resources.REPLICA_SETS)).isEqualTo(3);
    assertThat(world.statusWrites(Resources.DEPLOYMENTS)).isEqualTo(3);
    assertThat(world.deployment().status().availableReplicas()).isEqualTo(50);
    assertThat(world.deployment().status().updatedReplicas()).isEqualTo(50);
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
    world.timers.advance(Duration.ofSeconds(2));
    world.api.clearWrites();
    world.settle();
    assertThat(world.api.writes()).isEmpty();
  }

  @Test
  void showsANewFigureAtLeastEachPace() {
    world.deploy(100, "a", _ -> {});
    world.settle();
    int shown = world.deployment().status().readyReplicas();
    int ready = 0;
    for (Pod pod : world.activePods()) {
      world.startAfter(Duration.ofMillis(50), pod);
      // One pace for the set's figure, one for the deployment's.
      if (++ready % 10 == 0) {
        assertThat(world.deployment().status().readyReplicas()).isGreaterThan(shown);
        shown = world.deployment().status().readyReplicas();
        assertThat(shown).isGreaterThanOrEqualTo(ready - 20);
      }
    }
    assertThat(shown).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RollingUpdate", "Recreate"})
  void neverWaitsForThePaceDuringARollout(String strategy) {
    world.deploy(20, "a", spec -> spec.putObject("strategy").put("type", strategy));
    world.runToRestAtOnce();
    world.changeImage("b");
    world.runToRestAtOnce();
    assertThat(world.set("b").status().availableReplicas()).isEqualTo(20);
    assertThat(world.set("a").status().replicas()).isZero();
    assertThat(world.deployment().status().updatedReplicas()).isEqualTo(20);
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void neverWaitsForThePaceWhenANewImageComesWhilePodsStart() {
    world.deploy(20, "a", _ -> {});
    world.settle();
    world.activePods().stream().limit(17).forEach(world::start);
    world.settle();
    assertThat(world.set("a").status().readyReplicas()).as("held back").isZero();
    world.changeImage("b");
    world.runToRestAtOnce();
    assertThat(world.set("b").status().availableReplicas()).isEqualTo(20);
    assertThat(condition("Progressing").reason()).isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void tellsOfEachNewPodOfARolloutAtOnce() {
    world.deploy(8, "a", _ -> {});
    world.runToRest();
    world.changeImage("b");
    world.settle();
    int told = 0;
    while (world.set("a").spec().wanted() > 1) {
      Pod next = world.activePods().stream().filter(pod -> !pod.ready()).findFirst().orElseThrow();
      int size = world.set("a").spec().wanted();
      world.start(next);
      world.settle();
      assertThat(world.set("b").status().availableReplicas()).isEqualTo(++told);
      assertThat(world.set("a").spec().wanted()).isLessThan(size);
    }
    assertThat(told).isGreaterThan(3);
  }

  @Test
  void countsACollisionOnceAndAtOnce() {
    world.deploy(1, "a", _ -> {});
    world.settle();
    String name = "web-" + Templates.hash(new Raw(World.template("b")), null);
    ObjectNode stranger = Json.object();
    stranger.putObject("metadata").put("name", name);
    ObjectNode spec = stranger.putObject("spec").put("replicas", 0);
    spec.putObject("selector").putObject("matchLabels").put("app", "other");
    spec.set("template", World.template("other"));
    world.api.create(Resources.REPLICA_SETS, "default", stranger);
    world.changeImage("b");
    world.runToRestAtOnce();
    assertThat(world.deployment().status().collisionCount()).isEqualTo(1);
    assertThat(world.set("b").status().availableReplicas()).isEqualTo(1);
  }
}
