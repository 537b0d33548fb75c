package minik8s.gpu.job;

import java.time.Duration;
import minik8s.control.Reconciler.Result;
import minik8s.gpu.GpuJob;

/** The cut that a step makes in the work on a job: its new state, or the end for now. */
sealed interface Outcome {
  /** Go on from this state. */
  record On(GpuJob job) implements Outcome {}

  /** Nothing more for now. */
  record Over(Result result) implements Outcome {}

  /** Nothing more for this long. */
  static Outcome over(Duration delay) {
    return new Over(Result.after(delay));
  }
}
