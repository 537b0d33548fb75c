package minik8s.controller.status;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When a controller last wrote the status of each object, so that statuses that may wait are
 * written at most once per {@link #PACE}. Thread-safe. Holds nothing that is older than a pace when
 * it notes a write, and nothing across a restart: what is not known was written long ago.
 *
 * <p>Which status may wait is the business of its controller: nothing that anybody waits for.
 */
public final class StatusPace {
  /** The shortest time between two writes of a status that may wait; {@code kubectl} shows both. */
  public static final Duration PACE = Duration.ofMillis(500);

  private final InstantSource clock;
  private final Map<String, Instant> written = new HashMap<>();

  public StatusPace(InstantSource clock) {
    this.clock = clock;
  }

  /** How long the status of the object with this uid shall wait; empty when it may go now. */
  public synchronized Optional<Duration> left(String uid) {
    Instant last = written.get(uid);
    Instant now = clock.instant();
    return last == null || over(last, now)
        ? Optional.empty()
        : Optional.of(PACE.minus(Duration.between(last, now)));
  }

  /** The status of the object with this uid was written just now. */
  public synchronized void wrote(String uid) {
    Instant now = clock.instant();
    written.values().removeIf(last -> over(last, now));
    written.put(uid, now);
  }

  /** A clock that was set back ends all pauses: nobody knows how long they would be. */
  private static boolean over(Instant last, Instant now) {
    return last.isAfter(now) || !last.plus(PACE).isAfter(now);
  }

  /** How many writes are remembered. */
  synchronized int size() {
    return written.size();
  }
}
