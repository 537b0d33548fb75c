package minik8s.kubelet.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;

class EvictionLoopTest {
  private static final Pod POD =
      Json.read(Json.parse("{\"metadata\":{\"name\":\"w\",\"uid\":\"u\"}}"), Pod.class);

  private final List<String> done = new ArrayList<>();
  private final ManualTimers timers = new ManualTimers();
  private Map<Signal, Reading> readings = Map.of();
  private boolean cleaningHelps;

  private final EvictionLoop loop =
      new EvictionLoop(
          new EvictionLoop.Rules(
              Threshold.parse(Threshold.HARD, Map.of(), Map.of()),
              Duration.ofSeconds(30),
              Duration.ofMinutes(5)),
          new Node(),
          timers);

  private final class Node implements EvictionLoop.Node {
    @Override
    public Map<Signal, Reading> readings() {
      return readings;
    }

    @Override
    public List<PodUse> uses() {
      return List.of(new PodUse(POD, "BestEffort", Map.of(), Map.of(), Map.of(), 0));
    }

    @Override
    public List<PodUse> limitedUses() {
      return List.of();
    }

    @Override
    public void cleanUp() {
      done.add("clean up");
      if (cleaningHelps) {
        readings = Map.of(Signal.NODE_DISK, new Reading(100, 50));
      }
    }

    @Override
    public void evict(PodUse use, String message, Duration grace) {
      done.add("evict " + use.pod().metadata().name() + " within " + grace.toSeconds());
    }

    @Override
    public void pressuresChanged() {
      done.add("pressures " + loop.pressures().get());
    }
  }

  @Test
  void doesNothingWhileThereIsEnough() {
    readings = Map.of(Signal.MEMORY, new Reading(4L << 30, 1L << 30));
    loop.step();
    assertThat(done).isEmpty();
  }

  @Test
  void sendsOnePodAwayWhenMemoryEnds() {
    readings = Map.of(Signal.MEMORY, new Reading(4L << 30, 1L << 20));
    loop.step();
    assertThat(done).containsExactly("pressures [MemoryPressure]", "evict w within 1");
  }

  @Test
  void cleansUpBeforeAPodHasToGo() {
    readings = Map.of(Signal.NODE_DISK, new Reading(100, 5));
    cleaningHelps = true;
    loop.step();
    assertThat(done).containsExactly("pressures [DiskPressure]", "clean up");
    readings = Map.of(Signal.NODE_DISK, new Reading(100, 5));
    cleaningHelps = false;
    loop.step();
    assertThat(done).endsWith("clean up", "evict w within 1");
  }
}
