package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long the next restart of one container has to wait. Immutable, pure.
 *
 * <p>The first restart is at once, the next waits 10 s after the end of the run before it, then 20
 * s, up to 5 min; a run of more than 10 min starts over. Source: Kubernetes' {@code
 * flowcontrol.Backoff} with {@code MaxContainerBackOff}.
 *
 * @param delay what a further end would wait
 * @param since when the run that set it was started
 */
public record RestartPause(Duration delay, Instant since) {
  static final Duration INITIAL = Duration.ofSeconds(10);
  static final Duration MAX = Duration.ofMinutes(5);
  private static final Duration GOOD_RUN = MAX.multipliedBy(2);

  /** When a container that ended then may be started again. */
  public static Instant allowedAt(@Nullable RestartPause pause, Instant finishedAt) {
    return pause == null || pause.expired(finishedAt) ? finishedAt : finishedAt.plus(pause.delay);
  }

  /** The pause to keep when a container that ended then is started again now. */
  public static RestartPause next(@Nullable RestartPause pause, Instant finishedAt, Instant now) {
    if (pause == null || pause.expired(finishedAt)) {
      return new RestartPause(INITIAL, now);
    }
    Duration doubled = pause.delay.multipliedBy(2);
    return new RestartPause(doubled.compareTo(MAX) > 0 ? MAX : doubled, now);
  }

  private boolean expired(Instant finishedAt) {
    return Duration.between(since, finishedAt).compareTo(GOOD_RUN) > 0;
  }
}
