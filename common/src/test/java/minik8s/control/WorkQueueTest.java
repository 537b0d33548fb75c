package minik8s.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private final ManualTimers timers = new ManualTimers();
  private final WorkQueue<String> queue = new WorkQueue<>(timers);

  @Test
  void queuesKeyOnceHoweverOftenAdded() {
    queue.add("a");
    queue.add("a");
    assertThat(queue.poll()).contains("a");
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void queuesKeyAgainWhenAddedWhileProcessed() {
    queue.add("a");
    assertThat(queue.poll()).contains("a");
    queue.add("a");
    assertThat(queue.poll()).isEmpty();
    queue.done("a");
    assertThat(queue.poll()).contains("a");
    queue.done("a");
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void keepsEarliestOfSeveralDelays() {
    queue.addAfter("a", Duration.ofSeconds(10));
    queue.addAfter("a", Duration.ofSeconds(2));
    queue.addAfter("a", Duration.ofSeconds(5));
    timers.advance(Duration.ofMillis(1999));
    assertThat(queue.poll()).isEmpty();
    timers.advance(Duration.ofMillis(1));
    assertThat(queue.poll()).contains("a");
    queue.done("a");
    timers.advance(Duration.ofSeconds(20));
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void endsWaitingWorkersOnShutDown() throws InterruptedException {
    queue.add("a");
    queue.shutDown();
    assertThat(queue.take()).isEmpty();
  }
}
