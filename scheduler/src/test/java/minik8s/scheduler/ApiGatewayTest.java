package minik8s.scheduler;

import static minik8s.testing.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import minik8s.api.ApiException;
import minik8s.api.Event;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.ListOptions;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import minik8s.scheduler.ClusterGateway.Room;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ApiGatewayTest {
  private final Bed bed = new Bed();

  @AfterEach
  void close() {
    bed.close();
  }

  @Test
  void neverBindsTwice() {
    bed.create(pod("web"));
    Pod seen = bed.pod("web");
    bed.gateway.bind(seen, "a");
    assertThatThrownBy(() -> bed.gateway.bind(seen, "b"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.conflict()).isTrue());
    assertThat(bed.nodeOf("web")).isEqualTo("a");
  }

  @Test
  void explainsNothingOnAPodThatWasBoundMeanwhile() {
    bed.create(pod("web"));
    Pod stale = bed.pod("web");
    bed.gateway.bind(stale, "a");
    bed.gateway.explain(stale, "Unschedulable", "late", Room.AS_BEFORE);
    assertThat(bed.pod("web").status().conditions()).isEmpty();
  }

  @Test
  void explainsOnAPodThatChangedMeanwhile() {
    bed.create(pod("web"));
    Pod stale = bed.pod("web");
    bed.gateway.explain(stale, "Unschedulable", "first", Room.AS_BEFORE);
    bed.gateway.explain(stale, "Unschedulable", "second", Room.AS_BEFORE);
    assertThat(bed.condition("web").message()).isEqualTo("second");
  }

  @Test
  @Timeout(60)
  void tellsPeopleWhatHappened() {
    try (Watch<Event> events = bed.api.watch(Resources.EVENTS, ListOptions.ALL, 60)) {
      bed.create(pod("web"));
      Pod seen = bed.pod("web");
      bed.gateway.explain(
          seen, "Unschedulable", "0/1 nodes are available: 1 Insufficient cpu.", Room.AS_BEFORE);
      bed.gateway.bind(seen, "a");
      assertThat(next(events))
          .satisfies(event -> {
            assertThat(event.type()).isEqualTo("Warning");
            assertThat(event.reason()).isEqualTo("FailedScheduling");
            assertThat(event.message()).isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
          });
      assertThat(next(events))
          .satisfies(event -> {
            assertThat(event.type()).isEqualTo("Normal");
            assertThat(event.reason()).isEqualTo("Scheduled");
            assertThat(event.message()).isEqualTo("Successfully assigned default/web to a");
            assertThat(event.involvedObject().uid()).isEqualTo(seen.uid());
          });
    }
  }

  private static Event next(Watch<Event> events) {
    return switch (events.next()) {
      case WatchEvent.Changed<Event> changed -> changed.object();
      case null, default -> throw new AssertionError("no event");
    };
  }
}
