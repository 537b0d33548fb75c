package minik8s.kubelet.probe;

import minik8s.api.Probe;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to one probe add up to. Immutable, pure.
 *
 * <p>The result moves only after as many equal answers in a row as the threshold says. Source:
 * Kubernetes' {@code prober/worker.go}.
 *
 * @param passed the result; null while a startup probe has not decided
 * @param last the last answer; null before the first
 * @param streak how many answers in a row were like the last
 */
public record ProbeState(@Nullable Boolean passed, @Nullable Boolean last, int streak) {

  /**
   * Before the first answer.
   *
   * @param known whether the last written status says that this very run is ready (readiness) or
   *     has started (startup); so a new kubelet goes on where the one before it was
   */
  public static ProbeState initial(ProbeKind kind, boolean known) {
    Boolean passed =
        switch (kind) {
          case STARTUP -> known ? Boolean.TRUE : null;
          case LIVENESS -> Boolean.TRUE;
          case READINESS -> known;
        };
    return new ProbeState(passed, null, 0);
  }

  /** The state after one more answer. */
  public ProbeState after(boolean good, Probe probe) {
    int run = last != null && last == good ? streak + 1 : 1;
    int needed = good ? probe.successThreshold() : probe.failureThreshold();
    return new ProbeState(run >= needed ? Boolean.valueOf(good) : passed, good, run);
  }

  public boolean success() {
    return passed != null && passed;
  }

  /** Whether the threshold of failures was reached. */
  public boolean failure() {
    return passed != null && !passed;
  }
}
