package minik8s.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import minik8s.api.Failure;
import minik8s.testing.FakeApi;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final LeaderElection first = new LeaderElection(api, "x", "first", timers);
  private final LeaderElection second = new LeaderElection(api, "x", "second", timers);

  @Test
  void letsOnlyOneLead() {
    assertThat(first.step()).isTrue();
    for (int i = 0; i < 20; i++) {
      assertThat(second.step()).isFalse();
      timers.advance(LeaderElection.RETRY);
      assertThat(first.step()).isTrue();
    }
  }

  @Test
  void takesOverOnlyAfterLeaseRanOutUnrenewed() {
    first.step();
    assertThat(second.step()).isFalse();
    timers.advance(LeaderElection.LEASE.minusSeconds(1));
    assertThat(second.step()).isFalse();
    timers.advance(Duration.ofSeconds(2));
    assertThat(second.step()).isTrue();
    assertThat(first.step()).isFalse();
  }

  @Test
  void stopsLeadingWhenLeaseCannotBeRenewed() {
    first.step();
    api.failWhen(write -> Failure.unavailable("down"));
    timers.advance(LeaderElection.RENEW_DEADLINE);
    assertThat(first.step()).isTrue();
    timers.advance(LeaderElection.RETRY);
    assertThat(first.step()).isFalse();
  }

  @Test
  void handsOverAtOnceOnRelease() {
    first.step();
    assertThat(second.step()).isFalse();
    first.release();
    assertThat(second.step()).isTrue();
  }
}
