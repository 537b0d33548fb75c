package minik8s.kubelet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartPauseTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void startsAtOnceFirstThenWaitsTwiceAsLongEachTime() {
    List<Long> waits = new ArrayList<>();
    RestartPause pause = null;
    Instant now = T0;
    for (int i = 0; i < 8; i++) {
      Instant end = now.plusSeconds(1);
      Instant allowed = RestartPause.allowedAt(pause, end);
      waits.add(Duration.between(end, allowed).toSeconds());
      pause = RestartPause.next(pause, end, allowed);
      now = allowed;
    }
    assertThat(waits).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @Test
  void forgivesAfterTenGoodMinutes() {
    RestartPause pause = new RestartPause(RestartPause.MAX, T0);
    Instant soon = T0.plus(Duration.ofMinutes(9));
    Instant late = T0.plus(Duration.ofMinutes(11));
    assertThat(RestartPause.allowedAt(pause, soon)).isEqualTo(soon.plus(RestartPause.MAX));
    assertThat(RestartPause.allowedAt(pause, late)).isEqualTo(late);
    assertThat(RestartPause.next(pause, late, late).delay()).isEqualTo(RestartPause.INITIAL);
  }

  @Test
  void writesDurationsAsGoDoes() {
    assertThat(GoDuration.text(Duration.ofSeconds(10))).isEqualTo("10s");
    assertThat(GoDuration.text(Duration.ofSeconds(80))).isEqualTo("1m20s");
    assertThat(GoDuration.text(Duration.ofMinutes(5))).isEqualTo("5m0s");
  }
}
