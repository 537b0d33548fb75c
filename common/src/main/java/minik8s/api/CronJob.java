package minik8s.api;

import java.time.Instant;
import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** Jobs at certain times. Immutable; the job template stays the user's own JSON. */
public record CronJob(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public CronJob {
    status = status == null ? new Status(List.of(), null, null) : status;
  }

  /**
   * What is wanted.
   *
   * @param timeZone an IANA name; null means UTC here
   * @param startingDeadlineSeconds how late a job may start; null means any time
   * @param concurrencyPolicy {@code Allow}, {@code Forbid} or {@code Replace}
   * @param successfulJobsHistoryLimit jobs kept; null means 3
   * @param failedJobsHistoryLimit jobs kept; null means 1
   */
  public record Spec(
      String schedule,
      @Nullable String timeZone,
      @Nullable Long startingDeadlineSeconds,
      String concurrencyPolicy,
      boolean suspend,
      Raw jobTemplate,
      @Nullable Integer successfulJobsHistoryLimit,
      @Nullable Integer failedJobsHistoryLimit) {
    public Spec {
      schedule = Lists.of(schedule);
      concurrencyPolicy =
          concurrencyPolicy == null || concurrencyPolicy.isEmpty() ? "Allow" : concurrencyPolicy;
    }
  }

  /** What the controller did: jobs that run, the last time one was due, and one's last success. */
  public record Status(
      List<ObjectReference> active,
      @Nullable Instant lastScheduleTime,
      @Nullable Instant lastSuccessfulTime) {
    public Status {
      active = Lists.of(active);
    }
  }
}
