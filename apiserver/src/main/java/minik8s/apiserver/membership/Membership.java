package minik8s.apiserver.membership;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Members;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.Sharing;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server among those that share the store.
 *
 * <p>Two promises, which hold each other up:
 *
 * <ol>
 *   <li>A server shows nobody what it has read or written, unless its key is in the store and no
 *       other server's key says "alone" ({@link #awaitPresent}).
 *   <li>A server takes itself for alone only from a revision on at which its key was the only one
 *       and said "alone" (one transaction), and as long as its lease lasts for sure. As soon as it
 *       sees another's key it is alone no more, and then says so.
 * </ol>
 *
 * <p>How long a lease lasts is reckoned from before it was renewed, by a clock that only runs
 * forward and by the wall's, which also runs while a machine sleeps; whichever says less. The store
 * reckons from after, so it never ends a lease first, as long as no clock runs a tenth slower than
 * another.
 *
 * <p>The key of a server that was killed would stay until its lease ends. One on the same machine
 * takes it away at once when it sees that the process is over.
 *
 * <p>Thread-safe: one loop ({@link #step}) changes {@link #standing}, everybody reads it.
 */
public final class Membership implements Sharing {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  /** How long a silent server keeps others from being alone, or from writing beside it. */
  static final Duration LEASE = Duration.ofSeconds(10);

  /** How long we count on a lease. */
  static final Duration SURE = Duration.ofSeconds(9);

  private static final Duration RENEWAL = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofMillis(100);

  /** Longer than a lease: by then, whoever was in the way has answered or is gone. */
  private static final Duration PATIENCE = LEASE.plusSeconds(5);

  /**
   * What we know of ourselves. Immutable.
   *
   * @param lease 0 while there is none
   * @param nanos how far the lease is sure to reach on the clock that runs forward
   * @param millis the same on the wall's clock
   * @param present whether writes count, while the lease lasts
   * @param claimed the revision from which on we are alone, while the lease lasts; 0 when we are
   *     not. What others wrote before they went is in a cache that has got so far.
   */
  private record Standing(
      long lease,
      String key,
      long created,
      long nanos,
      long millis,
      boolean present,
      long claimed) {
    static final Standing NONE = new Standing(0, "", 0, 0, 0, false, 0);

    Standing until(long nowNanos, long nowMillis) {
      return new Standing(lease, key, created, nowNanos, nowMillis, present, claimed);
    }

    Standing as(boolean nowPresent, long nowClaimed) {
      return new Standing(lease, key, created, nanos, millis, nowPresent, nowClaimed);
    }
  }

  private final Members members;
  private final Store store;
  private final String folder;
  private final InstantSource wall;
  private final LongSupplier forward;
  private final ProcessIdentity self = ProcessIdentity.own();
  private final Semaphore looks = new Semaphore(0);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Standing standing = Standing.NONE;
  private volatile String obstacle = "";
  private volatile boolean left;
  private boolean silent;

  /**
   * A server that is not yet among the others.
   *
   * @param forward a clock in nanoseconds as {@link System#nanoTime}
   */
  public Membership(
      Members members, Store store, StorePaths paths, InstantSource wall, LongSupplier forward) {
    this.members = members;
    this.store = store;
    this.folder = paths.prefix(StorePaths.MEMBERS, "");
    this.wall = wall;
    this.forward = forward;
  }

  @Override
  public boolean alone(long applied) {
    Standing now = standing;
    return now.claimed() != 0 && applied >= now.claimed() && lasts(now);
  }

  boolean present() {
    Standing now = standing;
    return now.present() && lasts(now);
  }

  /**
   * What keeps this server from writing beside others, in words for the user; empty for nothing.
   */
  String obstacle() {
    return obstacle;
  }

  private boolean lasts(Standing now) {
    return forward.getAsLong() - now.nanos() < 0 && wall.millis() < now.millis();
  }

  @Override
  public void membersChanged() {
    looks.release();
  }

  @Override
  public void awaitPresent() {
    if (present()) {
      return;
    }
    looks.release();
    long nanos = PATIENCE.toNanos();
    lock.lock();
    try {
      while (!present()) {
        if (nanos <= 0 || left) {
          throw new StoreException.Unavailable(
              obstacle.isEmpty() ? "etcd keeps no lease of this server" : obstacle, null);
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted while waiting for other servers", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks around once and pauses until there may be something new to see; false after {@link
   * #leave}.
   */
  public boolean step(WatchCache cache) throws InterruptedException {
    if (left) {
      return false;
    }
    Duration pause = look();
    if (cache.complete()) {
      follow(cache);
    }
    if (looks.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      looks.drainPermits();
    }
    return true;
  }

  /** While all is read from memory, nobody else asks whether the watch still moves. */
  private static void follow(WatchCache cache) {
    try {
      cache.awaitCurrent();
    } catch (StoreException e) {
      log.warn("the watch does not follow etcd: {}", e.getMessage());
    }
  }

  /** Looks around once; returns how long nothing needs to be done unless somebody calls. */
  Duration look() {
    try {
      List<Entry> all = renewed();
      List<MemberRecord> others = others(all);
      if (!standing.present()) {
        enter(others);
      }
      if (!others.isEmpty() && saysAlone(all)) {
        share();
      }
      boolean claims = others.isEmpty() && standing.present() && standing.claimed() == 0;
      boolean done = claims ? claim() : standing.present();
      silent = false;
      return done ? RENEWAL : RETRY;
    } catch (StoreException e) {
      if (!silent) {
        log.warn("cannot keep this server's key in etcd, trying on: {}", e.getMessage());
      }
      silent = true;
      return RETRY;
    }
  }

  /** All keys, ours among them, on a lease that was renewed or begun just now. */
  private List<Entry> renewed() {
    Standing known = standing;
    long nanos = forward.getAsLong() + SURE.toNanos();
    long millis = wall.millis() + SURE.toMillis();
    if (known.lease() != 0 && members.renew(known.lease())) {
      List<Entry> all = store.list(folder, 0, null, 0).entries();
      if (own(all, known.key()) != null) {
        become(known.until(nanos, millis));
        return all;
      }
    }
    become(Standing.NONE);
    long lease = members.lease(LEASE);
    String key = folder + UUID.randomUUID();
    List<Entry> all = members.announce(folder, key, new MemberRecord(self, false).bytes(), lease);
    Entry own = own(all, key);
    if (own == null) {
      throw new StoreException.Unavailable("etcd did not keep " + key, null);
    }
    become(new Standing(lease, key, own.revision(), nanos, millis, false, 0));
    return all;
  }

  private static @Nullable Entry own(List<Entry> all, String key) {
    return all.stream().filter(entry -> entry.key().equals(key)).findFirst().orElse(null);
  }

  /** The other servers; the keys of those that are over are taken away. */
  private List<MemberRecord> others(List<Entry> all) {
    List<MemberRecord> others = new ArrayList<>();
    for (Entry entry : all) {
      MemberRecord other = MemberRecord.parse(entry.value());
      if (entry.key().equals(standing.key())) {
        continue;
      }
      if (other == null) {
        obstacle =
            "etcd's key " + entry.key() + " is in the way, no server of this version wrote it";
        // Whoever it is may read from memory.
        others.add(new MemberRecord(self, true));
      } else if (self.outlived(other.process())) {
        remove(entry);
      } else {
        others.add(other);
      }
    }
    return others;
  }

  private void remove(Entry entry) {
    try {
      var _ = store.delete(entry);
    } catch (StoreException.Changed e) {
      log.debug("{} went by itself", entry.key());
    }
  }

  private void enter(List<MemberRecord> others) {
    for (MemberRecord other : others) {
      if (other.alone()) {
        if (obstacle.isEmpty()) {
          obstacle =
              "another API server on this etcd, process %d of its machine, has not made room yet"
                  .formatted(other.process().pid());
          log.info("{}", obstacle);
        }
        return;
      }
    }
    obstacle = "";
    become(standing.as(true, 0));
  }

  private boolean saysAlone(List<Entry> all) {
    Entry own = own(all, standing.key());
    MemberRecord record = own == null ? null : MemberRecord.parse(own.value());
    return record != null && record.alone();
  }

  private void share() {
    Standing mine = standing.as(standing.present(), 0);
    become(mine);
    log.info("another API server has come: reads go to etcd");
    byte[] record = new MemberRecord(self, false).bytes();
    var _ = members.announce(folder, mine.key(), record, mine.lease());
  }

  /** False when there is another after all. */
  private boolean claim() {
    Standing mine = standing;
    byte[] record = new MemberRecord(self, true).bytes();
    long revision = members.claim(folder, mine.key(), record, mine.lease(), mine.created());
    if (revision == 0) {
      return false;
    }
    become(mine.as(true, revision));
    log.info("this is the only API server: reads come from memory");
    return true;
  }

  private void become(Standing next) {
    lock.lock();
    try {
      standing = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes this server's key away, so that others need not wait for it. */
  public void leave() {
    left = true;
    looks.release();
    Standing last = standing;
    become(Standing.NONE);
    if (last.lease() != 0) {
      try {
        members.release(last.lease());
      } catch (StoreException e) {
        log.warn("cannot take this server's key out of etcd: {}", e.getMessage());
      }
    }
  }
}
