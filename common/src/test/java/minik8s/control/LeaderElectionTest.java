package minik8s.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
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
  void keepsLeadingWhenItsLeaseWasTouchedOrDeleted() {
    first.step();
    ObjectKey key = new ObjectKey("kube-system", "x");
    api.patch(
        Resources.LEASES,
        key,
        "",
        PatchType.MERGE,
        Json.object().set("metadata", Json.object().set("labels", Json.object().put("a", "b"))));
    assertThat(first.step()).isTrue();
    assertThat(api.get(Resources.LEASES, key).metadata().labels()).containsEntry("a", "b");
    api.delete(Resources.LEASES, key, DeleteOptions.BACKGROUND);
    assertThat(first.step()).isTrue();
    assertThat(second.step()).isFalse();
  }

  @Test
  void stopsLeadingWhenAnotherHasTakenItsLease() {
    first.step();
    assertThat(second.step()).isFalse();
    timers.advance(LeaderElection.LEASE.plusSeconds(1));
    assertThat(second.step()).isTrue();
    assertThat(first.step()).isFalse();
    assertThat(second.step()).isTrue();
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
