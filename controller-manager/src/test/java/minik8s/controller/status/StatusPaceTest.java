package minik8s.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusPaceTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final StatusPace pace = new StatusPace(() -> now);

  private void pass(int millis) {
    now = now.plusMillis(millis);
  }

  @Test
  void letsTheFirstWriteGoAtOnce() {
    assertThat(pace.left("a")).isEmpty();
  }

  @Test
  void countsFromTheLastWriteOfEachObject() {
    pace.wrote("a");
    assertThat(pace.left("a")).contains(StatusPace.PACE);
    assertThat(pace.left("b")).isEmpty();
    pass(200);
    assertThat(pace.left("a")).contains(Duration.ofMillis(300));
    pace.wrote("a");
    pass(499);
    assertThat(pace.left("a")).contains(Duration.ofMillis(1));
    pass(1);
    assertThat(pace.left("a")).isEmpty();
  }

  @Test
  void holdsNobodyUpWhenTheClockIsSetBack() {
    pace.wrote("a");
    pass(-3_600_000);
    assertThat(pace.left("a")).isEmpty();
  }

  @Test
  void remembersNoMoreThanWhatWasWrittenWithinAPace() {
    for (int i = 0; i < 10_000; i++) {
      pace.wrote("uid-" + i);
      pass(100);
      assertThat(pace.size()).isLessThanOrEqualTo(5);
    }
  }
}
