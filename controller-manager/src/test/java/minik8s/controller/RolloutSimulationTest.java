package minik8s.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import minik8s.api.Failure;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.DeleteOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random interleavings of users, controllers, lagging caches, crashes, refused requests, a
 * scheduler and a kubelet. A failing seed is the bug report.
 */
class RolloutSimulationTest {
  private static final int STEPS = 400;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void neverExceedsSurgeAndConverges(long seed) {
    Random random = new Random(seed);
    Run run = new Run(random);
    for (int step = 0; step < STEPS; step++) {
      run.step();
      run.checkBounds(seed, step);
    }
    run.finish();
    assertThat(run.world.activePods()).as("seed %d", seed).hasSize(run.wanted);
    assertThat(run.world.deployment().status().availableReplicas()).isEqualTo(run.wanted);
    assertThat(run.world.set(run.image).spec().wanted()).isEqualTo(run.wanted);
  }

  private static final class Run {
    private final Random random;
    private World world = new World();
    private final int surge;
    private int wanted;
    private int largest;
    private String image = "v0";

    Run(Random random) {
      this.random = random;
      this.wanted = 1 + random.nextInt(8);
      this.surge = random.nextInt(3);
      int unavailable = surge == 0 ? 1 + random.nextInt(2) : random.nextInt(3);
      largest = wanted;
      world.deploy(
          wanted,
          image,
          spec -> {
            var rolling = spec.putObject("strategy").put("type", "RollingUpdate");
            rolling
                .putObject("rollingUpdate")
                .put("maxSurge", surge)
                .put("maxUnavailable", unavailable);
          });
    }

    void step() {
      switch (random.nextInt(20)) {
        case 0 -> {
          image = "v" + random.nextInt(4);
          world.changeImage(image);
        }
        case 1 -> {
          wanted = random.nextInt(9);
          largest = Math.max(largest, wanted);
          world.change(spec -> spec.put("replicas", wanted));
        }
        case 2 -> world = random.nextInt(4) == 0 ? world.restart() : world;
        case 3 ->
            pick(pods ->
                world.api.delete(Resources.PODS, pods.key(), DeleteOptions.ofUid(pods.uid())));
        case 4 -> refuse();
        case 5 -> world.timers.advance(Duration.ofMillis(random.nextInt(7000)));
        case 6, 7 -> world.deploymentFeed.catchUp();
        case 8, 9 -> world.setFeed.catchUp();
        case 10, 11 -> world.podFeed.catchUp();
        case 12, 13 -> world.deploymentLoop.step();
        case 14, 15 -> world.setLoop.step();
        default -> pick(this::live);
      }
    }

    /** Any one write fails from now until the next refusal is drawn. */
    private void refuse() {
      world.api.failWhen(
          random.nextBoolean()
              ? write ->
                  write.verb().equals("create") && random.nextInt(3) == 0
                      ? Failure.unavailable("the network is down")
                      : null
              : null);
    }

    private void live(Pod pod) {
      if (pod.metadata().deleting()) {
        world.api.delete(Resources.PODS, pod.key(), DeleteOptions.now(pod.uid()));
      } else if (!pod.finished()) {
        world.api.failWhen(null);
        world.start(pod);
      }
    }

    private void pick(java.util.function.Consumer<Pod> use) {
      List<Pod> pods = world.pods();
      if (!pods.isEmpty()) {
        use.accept(pods.get(random.nextInt(pods.size())));
      }
    }

    /** Each set never has more pods than its largest size; sizes never exceed wanted plus surge. */
    void checkBounds(long seed, int step) {
      assertThat(world.activePods().size())
          .as("active pods, seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(bound());
      int size = world.sets().stream().mapToInt(set -> set.spec().wanted()).sum();
      assertThat(size)
          .as("sizes, seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(largest + surge);
    }

    /** A set's controller may act on a size that is one look old, in each of the sets. */
    private int bound() {
      return largest + surge + largest + surge;
    }

    void finish() {
      world.api.failWhen(null);
      world.timers.advance(Duration.ofMinutes(2));
      world.runToRest();
    }
  }
}
