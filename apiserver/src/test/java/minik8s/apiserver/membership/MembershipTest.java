package minik8s.apiserver.membership;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.StoreException;
import org.junit.jupiter.api.Test;

final class MembershipTest {
  private static final String MEMBERS = "/registry/apiservers/";
  private static final Duration MOMENT = Duration.ofSeconds(3);

  private final Bed bed = new Bed();

  @Test
  void isAloneOnceItsCacheHasSeenTheClaim() throws Exception {
    Bed.Server only = bed.server();
    only.membership().look();
    assertThat(only.membership().present()).isTrue();
    assertThat(only.cache().complete()).isFalse();
    only.cache().drain();
    assertThat(only.cache().complete()).isTrue();
  }

  @Test
  void makesRoomBeforeAnotherMayTellOfWrites() throws Exception {
    Bed.Server first = alone();
    Bed.Server second = bed.server();
    second.membership().look();
    assertThat(second.membership().present()).isFalse();
    first.membership().look();
    assertThat(first.cache().complete()).isFalse();
    assertThat(first.membership().present()).isTrue();
    second.membership().look();
    assertThat(second.membership().present()).isTrue();
  }

  @Test
  void isAloneAgainWhenTheOtherHasLeft() throws Exception {
    Bed.Server first = alone();
    Bed.Server second = bed.server();
    second.membership().look();
    first.membership().look();
    second.membership().look();
    second.membership().leave();
    first.membership().look();
    first.cache().drain();
    assertThat(first.cache().complete()).isTrue();
  }

  @Test
  void isCalledWhenAnotherComes() throws Exception {
    Bed.Server first = alone();
    assertThat(first.membership().look()).isGreaterThan(Duration.ofSeconds(1));
    CompletableFuture<Boolean> step =
        CompletableFuture.supplyAsync(() -> {
          try {
            return first.membership().step(first.cache());
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Bed.Server second = bed.server();
    second.membership().look();
    first.cache().drain();
    assertThat(step.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void countsOnItsLeaseForShorterThanTheStoreKeepsIt() throws Exception {
    Bed.Server first = alone();
    bed.advance(Membership.SURE.minusMillis(1));
    assertThat(first.cache().complete()).isTrue();
    bed.advance(Duration.ofMillis(1));
    assertThat(first.cache().complete()).isFalse();
    assertThat(first.membership().present()).isFalse();
    first.membership().look();
    assertThat(first.cache().complete()).as("the store had kept it").isTrue();
  }

  @Test
  void isNotAloneAfterItsMachineSlept() throws Exception {
    Bed.Server first = alone();
    bed.sleep(Membership.LEASE.plusSeconds(1));
    assertThat(first.cache().complete()).isFalse();
    Bed.Server second = bed.server();
    second.membership().look();
    assertThat(second.membership().present()).isTrue();
  }

  @Test
  void startsAnewWhenItsLeaseIsOver() throws Exception {
    Bed.Server first = alone();
    bed.advance(Membership.LEASE.plusSeconds(1));
    first.membership().look();
    first.cache().drain();
    assertThat(first.cache().complete()).isTrue();
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void startsAnewWhenSomebodyTookItsKey() throws Exception {
    Bed.Server first = alone();
    bed.store.delete(bed.store.list(MEMBERS, 0, null, 0).entries().getFirst());
    first.membership().look();
    first.cache().drain();
    assertThat(first.cache().complete()).isTrue();
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void waitsForTheLeaseOfOneThatIsSilent() throws Exception {
    var _ = alone();
    Bed.Server second = bed.server();
    for (int i = 0; i < 4; i++) {
      bed.advance(MOMENT.minusMillis(600));
      second.membership().look();
      assertThat(second.membership().present()).isFalse();
    }
    bed.advance(MOMENT);
    second.membership().look();
    assertThat(second.membership().present()).isTrue();
  }

  @Test
  void takesAwayTheKeyOfAProcessThatIsOver() throws Exception {
    Process over = new ProcessBuilder("true").start();
    assertThat(over.waitFor(20, TimeUnit.SECONDS)).isTrue();
    ProcessIdentity own = ProcessIdentity.own();
    ProcessIdentity dead =
        new ProcessIdentity(own.boot(), own.pidNamespace(), over.pid(), own.started());
    announce("killed", new MemberRecord(dead, true).bytes());
    Bed.Server next = bed.server();
    next.membership().look();
    assertThat(next.membership().present()).isTrue();
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void leavesTheKeyOfAnotherMachineAlone() {
    ProcessIdentity own = ProcessIdentity.own();
    ProcessIdentity elsewhere =
        new ProcessIdentity("another boot", own.pidNamespace(), 1_000_000_000, 1);
    announce("elsewhere", new MemberRecord(elsewhere, true).bytes());
    Bed.Server next = bed.server();
    next.membership().look();
    assertThat(next.membership().present()).isFalse();
    assertThat(keys()).isEqualTo(2);
  }

  @Test
  void namesTheKeyThatIsInTheWay() {
    announce("what", "no record".getBytes(UTF_8));
    Bed.Server next = bed.server();
    next.membership().look();
    assertThat(next.membership().present()).isFalse();
    assertThat(next.membership().obstacle()).contains("/registry/apiservers/what");
  }

  @Test
  void tellsOfNoWriteWhileItIsNotPresent() throws Exception {
    Bed.Server first = alone();
    bed.advance(Membership.LEASE.plusSeconds(1));
    Bed.Server second = bed.server();
    second.membership().look();
    second.cache().drain();
    assertThat(second.cache().complete()).isTrue();
    CompletableFuture<Entry> write =
        CompletableFuture.supplyAsync(() -> first.store().create(Bed.key("a"), Bed.document("a")));
    while (bed.store.get(Bed.key("a")) == null) {
      Thread.onSpinWait();
    }
    first.membership().look();
    assertThat(write.isDone()).as("told while the other reads from memory").isFalse();
    second.membership().look();
    assertThat(second.cache().complete()).isFalse();
    first.membership().look();
    assertThat(write.get(20, TimeUnit.SECONDS).key()).isEqualTo(Bed.key("a"));
  }

  @Test
  void showsItsOwnWritesBeforeTheWatchTells() throws Exception {
    Bed.Server only = alone();
    Entry made = only.store().create(Bed.key("a"), Bed.document("a"));
    assertThat(newest(only)).isEqualTo(made.revision());
    Entry next = only.store().replace(made, Bed.document("a"));
    assertThat(newest(only)).isEqualTo(next.revision());
    only.cache().drain();
    assertThat(newest(only)).isEqualTo(next.revision());
    only.store().delete(next);
    assertThat(newest(only)).isZero();
    only.cache().drain();
    assertThat(newest(only)).isZero();
  }

  @Test
  void showsWhatALostRaceHasShown() throws Exception {
    Bed.Server only = alone();
    Entry other = bed.store.create(Bed.key("a"), Bed.document("a"));
    assertThatThrownBy(() -> only.store().create(Bed.key("a"), Bed.document("b")))
        .isInstanceOf(StoreException.Exists.class);
    assertThat(newest(only)).isEqualTo(other.revision());
    Entry later = bed.store.replace(other, Bed.document("a"));
    assertThatThrownBy(() -> only.store().replaceStrictly(other, Bed.document("c")))
        .isInstanceOf(StoreException.Changed.class);
    assertThat(newest(only)).isEqualTo(later.revision());
    Entry last = bed.store.replace(later, Bed.document("a"));
    assertThat(only.store().get(Bed.key("a"))).isNotNull();
    assertThat(newest(only)).isEqualTo(last.revision());
  }

  @Test
  void waitsForTheWatchWhenTheStoreShowsThatSomethingIsGone() throws Exception {
    Bed.Server only = alone();
    Entry made = only.store().create(Bed.key("a"), Bed.document("a"));
    bed.store.delete(made);
    CompletableFuture<Boolean> looks =
        CompletableFuture.supplyAsync(() -> only.store().get(Bed.key("a")) == null);
    while (!looks.isDone()) {
      only.cache().drain();
      Thread.onSpinWait();
    }
    assertThat(looks.get()).isTrue();
    assertThat(newest(only)).isZero();
  }

  private Bed.Server alone() throws InterruptedException {
    Bed.Server server = bed.server();
    server.membership().look();
    server.cache().drain();
    assertThat(server.cache().complete()).isTrue();
    return server;
  }

  private void announce(String name, byte[] value) {
    var _ =
        bed.members.announce(MEMBERS, MEMBERS + name, value, bed.members.lease(Membership.LEASE));
  }

  private int keys() {
    return bed.store.list(MEMBERS, 0, null, 0).entries().size();
  }

  private static long newest(Bed.Server server) {
    var found = server.cache().newest(Bed.FOLDER, "ns/a");
    return found == null ? 0 : found.revision();
  }
}
