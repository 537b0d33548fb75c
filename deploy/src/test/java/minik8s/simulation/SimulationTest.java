package minik8s.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand seeds, each a cluster in trouble. One of them again, with its story:
 *
 * <pre>deploy/minik8s test -pl deploy -am -Dtest=SimulationTest -DskipITs -Dsimulation.seed=17
 * </pre>
 */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 1000);
  private static final int BUG_SEEDS = 100;

  @TempDir Path root;

  @Test
  void keepsItsInvariantsUnderEverySeed() throws Exception {
    Long only = Long.getLong("simulation.seed");
    if (only != null) {
      Outcome outcome = run(only, Bug.NONE);
      outcome.story().forEach(System.out::println);
      assertThat(outcome.problem()).isEmpty();
      return;
    }
    Queue<Long> seeds =
        new ConcurrentLinkedQueue<>(LongStream.rangeClosed(1, SEEDS).boxed().toList());
    Queue<String> reports = new ConcurrentLinkedQueue<>();
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        workers.add(threads.submit(() -> drain(seeds, reports)));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    }
    assertThat(reports).as("broken seeds of %d", SEEDS).isEmpty();
  }

  /** Each run has a thread to itself. */
  private boolean drain(Queue<Long> seeds, Queue<String> reports) throws InterruptedException {
    for (Long seed = seeds.poll(); seed != null && reports.isEmpty(); seed = seeds.poll()) {
      Outcome outcome = run(seed, Bug.NONE);
      if (!outcome.problem().isEmpty()) {
        reports.add(outcome.report(seed));
      }
    }
    return true;
  }

  @Test
  void tellsTheSameStoryForTheSameSeed() throws InterruptedException {
    assertThat(run(7, Bug.NONE).story()).isEqualTo(run(7, Bug.NONE).story());
  }

  @ParameterizedTest
  @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsBugsThatWerePutInOnPurpose(Bug bug) throws InterruptedException {
    for (long seed = 1; seed <= BUG_SEEDS; seed++) {
      Outcome outcome = run(seed, bug);
      if (!outcome.problem().isEmpty() && outcome.problem().startsWith(bug.rule())) {
        System.out.printf(
            Locale.ROOT, "%s is found by seed %d: %s%n", bug, seed, outcome.problem());
        return;
      }
    }
    fail(bug + " was not found by " + BUG_SEEDS + " seeds");
  }

  private record Outcome(String problem, List<String> story) {
    String report(long seed) {
      List<String> end = story.subList(Math.max(0, story.size() - 40), story.size());
      return "seed %d: %s%n%s%nagain with -Dsimulation.seed=%d"
          .formatted(seed, problem, String.join(System.lineSeparator(), end), seed);
    }
  }

  private Outcome run(long seed, Bug bug) throws InterruptedException {
    try (Simulation simulation = new Simulation(seed, bug, root.resolve("s" + seed))) {
      try {
        simulation.run();
        return new Outcome("", simulation.story());
      } catch (Invariants.Violation e) {
        return new Outcome(String.valueOf(e.getMessage()), simulation.story());
      }
    }
  }
}
