package minik8s.apiserver.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What servers that share a store rely on; run against memory and against real etcd. */
public abstract class MembersContract {
  private static final String FOLDER = "/registry/apiservers/";
  private static final Duration LENGTH = Duration.ofSeconds(60);

  /** The members of an empty store. */
  protected abstract Members members();

  /** The store. */
  protected abstract Store store();

  @Test
  void tellsWhoIsThereAtTheMomentOfAnnouncing() {
    announce("a", members().lease(LENGTH));
    List<Entry> both = announce("b", members().lease(LENGTH));
    assertThat(both).extracting(Entry::key).containsExactly(FOLDER + "a", FOLDER + "b");
    assertThat(both.getLast().revision()).isEqualTo(store().revision());
  }

  @Test
  void setsAnAnnouncedKeyAgain() {
    long lease = members().lease(LENGTH);
    announce("a", lease);
    List<Entry> all = members().announce(FOLDER, FOLDER + "a", "other".getBytes(UTF_8), lease);
    assertThat(all).extracting(entry -> new String(entry.value(), UTF_8)).containsExactly("other");
  }

  @Test
  void letsOneClaimThatIsAlone() {
    long lease = members().lease(LENGTH);
    long created = announce("a", lease).getFirst().revision();
    long first = claim("a", lease, created);
    assertThat(first).isEqualTo(store().revision()).isGreaterThan(created);
    assertThat(claim("a", lease, created)).as("again").isGreaterThan(first);
  }

  @Test
  void letsNobodyClaimBesideAnother() {
    long mine = members().lease(LENGTH);
    long created = announce("b", mine).getFirst().revision();
    long other = members().lease(LENGTH);
    announce("a", other);
    assertThat(claim("b", mine, created)).isZero();
    members().release(other);
    assertThat(claim("b", mine, created)).isPositive();
  }

  @Test
  void letsNobodyClaimWhoseKeyIsGone() {
    long lease = members().lease(LENGTH);
    Entry own = announce("a", lease).getFirst();
    store().delete(own);
    assertThat(claim("a", lease, own.revision())).isZero();
    announce("b", members().lease(LENGTH));
    assertThat(claim("a", lease, own.revision())).isZero();
  }

  @Test
  void takesTheKeyAwayWithItsLease() {
    long lease = members().lease(LENGTH);
    announce("a", lease);
    assertThat(members().renew(lease)).isTrue();
    members().release(lease);
    assertThat(store().get(FOLDER + "a")).isNull();
    assertThat(members().renew(lease)).isFalse();
    members().release(lease);
  }

  private List<Entry> announce(String name, long lease) {
    return members().announce(FOLDER, FOLDER + name, name.getBytes(UTF_8), lease);
  }

  private long claim(String name, long lease, long created) {
    return members().claim(FOLDER, FOLDER + name, "alone".getBytes(UTF_8), lease, created);
  }
}
