package minik8s.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import minik8s.api.Event;
import minik8s.api.ObjectReference;
import minik8s.api.Resources;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import minik8s.testing.FakeApi;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventRecorderTest {
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final EventRecorder recorder = new EventRecorder(api, "kubelet", "n1", timers);
  private final Watch<Event> watch = api.watch(Resources.EVENTS, ListOptions.ALL, 60);

  @AfterEach
  void close() {
    recorder.close();
    watch.close();
  }

  private Event say(String message) {
    recorder.offer(
        new ObjectReference("v1", "Pod", "default", "web", "uid-1", "", ""),
        "Normal",
        "Pulled",
        message);
    return ((WatchEvent.Changed<Event>) Objects.requireNonNull(watch.next())).object();
  }

  @Test
  void countsTheSameAgain() {
    Event first = say("x");
    timers.advance(Duration.ofSeconds(5));
    Event second = say("x");
    assertThat(first.count()).isEqualTo(1);
    assertThat(first.source()).isEqualTo(new Event.Source("kubelet", "n1"));
    assertThat(second.key()).isEqualTo(first.key());
    assertThat(second.count()).isEqualTo(2);
    assertThat(second.firstTimestamp()).isEqualTo(first.firstTimestamp());
    assertThat(second.lastTimestamp()).isEqualTo(timers.clock().instant());
  }

  @Test
  void showsTheNewestOfCombinedEvents() {
    for (int i = 0; i < 10; i++) {
      say("image " + i);
    }
    Event last = say("image 10");
    assertThat(last.message()).isEqualTo("(combined from similar events): image 10");
    assertThat(last.count()).isEqualTo(2);
    assertThat(api.list(Resources.EVENTS, ListOptions.ALL).items()).hasSize(10);
  }

  @Test
  void makesAnEventAnewThatExpired() {
    Event first = say("x");
    api.delete(Resources.EVENTS, first.key(), DeleteOptions.BACKGROUND);
    assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
    timers.advance(Duration.ofHours(1));
    Event second = say("x");
    assertThat(second.uid()).isNotEqualTo(first.uid());
    assertThat(second.count()).isEqualTo(2);
    assertThat(second.firstTimestamp()).isEqualTo(first.firstTimestamp());
  }
}
