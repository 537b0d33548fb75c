package minik8s.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minik8s.api.Failure;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.client.DeleteOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random interleavings of users, controllers, lagging caches, crashes, refused requests, a
 * scheduler and a kubelet. A failing seed is the bug report.
 */
class RolloutSimulationTest {
  private static final int STEPS = 250;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void neverExceedsSurgeAndConverges(long seed) {
    Random random = new Random(seed);
    Run run = new Run(random);
    for (int step = 0; step < STEPS; step++) {
      run.step();
      run.world.record();
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
    private final Map<String, Integer> largestSize = new HashMap<>();
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
        case 6, 7 -> world.lagDeployments(1 + random.nextInt(9));
        case 8, 9 -> world.lagSets(1 + random.nextInt(9));
        case 10, 11 -> world.lagPods(1 + random.nextInt(9));
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

    /**
     * A set's controller may act on an old size of its set, but never beyond the largest; the sizes
     * of all sets together never exceed what was ever wanted plus surge.
     */
    void checkBounds(long seed, int step) {
      int total = 0;
      for (ReplicaSet set : world.sets()) {
        int size = set.spec().wanted();
        total += size;
        int bound = largestSize.merge(set.uid(), size, Math::max);
        assertThat(world.activePods().stream().filter(p -> p.metadata().controlledBy(set.uid())))
            .as("active pods of %s, seed %d, step %d", set.key(), seed, step)
            .hasSizeLessThanOrEqualTo(bound);
      }
      assertThat(total)
          .as("sizes, seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(largest + surge);
    }

    void finish() {
      world.api.failWhen(null);
      world.timers.advance(Duration.ofMinutes(2));
      world.runToRest();
    }
  }
}
