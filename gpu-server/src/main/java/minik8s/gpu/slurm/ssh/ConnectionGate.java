package minik8s.gpu.slurm.ssh;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import minik8s.control.Backoff;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Says when the next attempt to connect may be made. Pure but for what it remembers; not
 * thread-safe. Its laws:
 *
 * <ol>
 *   <li>two attempts are at least the spacing apart;
 *   <li>after failures the pause doubles, up to ten minutes;
 *   <li>credentials that were refused are never tried again by this gate: centres ban for that.
 * </ol>
 */
final class ConnectionGate {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Duration spacing;
  private @Nullable RemoteFailure last;
  private Instant next = Instant.EPOCH;
  private int failures;

  ConnectionGate(Duration spacing) {
    this.spacing = spacing;
  }

  /** Why there must be no attempt now; empty when there may be one. */
  Optional<RemoteFailure> closed(Instant now) {
    RemoteFailure failure = last;
    if (failure == null) {
      return Optional.empty();
    }
    if (failure.is(Kind.LOGIN_REFUSED)) {
      return Optional.of(failure);
    }
    return now.isBefore(next) ? Optional.of(failure) : Optional.empty();
  }

  /** How long a healthy attempt has to wait for the spacing. */
  Duration wait(Instant now) {
    return last == null && now.isBefore(next) ? Duration.between(now, next) : Duration.ZERO;
  }

  void opened(Instant now) {
    last = null;
    failures = 0;
    next = now.plus(spacing);
  }

  void failed(RemoteFailure failure, Instant now) {
    last = failure;
    failures++;
    Duration first =
        spacing.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : spacing;
    next = now.plus(Backoff.delay(first, LONGEST, failures));
  }
}
