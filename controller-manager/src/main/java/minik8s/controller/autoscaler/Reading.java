package minik8s.controller.autoscaler;

import java.time.Duration;
import java.time.Instant;

/**
 * What was measured of one pod. Immutable.
 *
 * @param amount in units of the measure: cores, bytes, or whatever it counts
 * @param time the end of the window
 */
record Reading(double amount, Instant time, Duration window) {
  /** The same pod as if this had been measured. */
  Reading of(double other) {
    return new Reading(other, time, window);
  }
}
