package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;

/**
 * How far the end of one running container has come. Immutable.
 *
 * @param since when this stage began
 * @param grace how long it was given then
 * @param due when the next stage begins at the latest
 */
public record Ending(Stage stage, Instant since, Duration grace, Instant due) {
  /** The stages, in order. */
  public enum Stage {
    /** Its preStop hook runs. */
    HOOK,
    /** It was asked to end. */
    SIGNAL,
    /** It was killed; should it live on nevertheless, it is killed again. */
    KILL
  }

  static Ending at(Stage stage, Instant now, Duration grace) {
    return new Ending(stage, now, grace, now.plus(grace));
  }

  /** When the next stage begins, if the grace is this now: it can be cut short, not prolonged. */
  Instant due(Duration graceNow) {
    boolean shortened = stage != Stage.KILL && graceNow.compareTo(grace) < 0;
    return shortened ? since.plus(graceNow) : due;
  }
}
