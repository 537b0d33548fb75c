package minik8s.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;

class ControlLoopTest {
  private final ManualTimers timers = new ManualTimers();
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
  private final ObjectKey key = new ObjectKey("default", "a");
  private final List<ObjectKey> seen = new ArrayList<>();

  @Test
  void triesAgainAfterGrowingPauses() {
    ControlLoop loop =
        new ControlLoop(
            "test",
            queue,
            k -> {
              seen.add(k);
              throw Failure.unavailable("down").asException();
            },
            LoopMetrics.NONE);
    queue.add(key);
    assertThat(loop.step()).isTrue();
    assertThat(loop.step()).isFalse();
    timers.advance(Duration.ofMillis(5));
    assertThat(loop.step()).isTrue();
    timers.advance(Duration.ofMillis(5));
    assertThat(loop.step()).isFalse();
    timers.advance(Duration.ofMillis(5));
    assertThat(loop.step()).isTrue();
    assertThat(seen).hasSize(3);
  }

  @Test
  void looksAgainWhenReconcilerAsksForIt() {
    ControlLoop loop =
        new ControlLoop(
            "test",
            queue,
            k -> {
              seen.add(k);
              return Reconciler.Result.after(Duration.ofSeconds(30));
            },
            LoopMetrics.NONE);
    queue.add(key);
    loop.step();
    timers.advance(Duration.ofSeconds(29));
    assertThat(loop.step()).isFalse();
    timers.advance(Duration.ofSeconds(1));
    assertThat(loop.step()).isTrue();
  }
}
