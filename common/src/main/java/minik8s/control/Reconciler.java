package minik8s.control;

import java.time.Duration;
import minik8s.api.ObjectKey;

/**
 * Drives one object one step closer to its spec; level-triggered, idempotent, told only which
 * object, never what happened to it.
 */
@FunctionalInterface
public interface Reconciler {
  /**
   * Looks at the object and does what is missing.
   *
   * @throws Exception when the step failed; the loop tries again after a back-off
   */
  Result reconcile(ObjectKey key) throws Exception;

  /** How a step ended. */
  sealed interface Result {
    /** Nothing more to do until something changes. */
    record Done() implements Result {}

    /** Look again after this long even if nothing changes. */
    record After(Duration delay) implements Result {}

    Result DONE = new Done();

    static Result after(Duration delay) {
      return new After(delay);
    }
  }
}
