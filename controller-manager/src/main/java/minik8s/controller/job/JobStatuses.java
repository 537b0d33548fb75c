package minik8s.controller.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minik8s.api.Condition;
import minik8s.api.Job;
import org.jspecify.annotations.Nullable;

/** What is reported of a job. Pure. */
final class JobStatuses {
  private static final String SUSPENDED = "Suspended";

  private JobStatuses() {}

  /**
   * The status to write.
   *
   * @param now in whole seconds
   */
  static Job.Status of(Job job, Tally tally, Verdict verdict, int pending, Instant now) {
    Job.Status old = job.status();
    boolean perIndex = job.spec().backoffLimitPerIndex() != null;
    List<Condition> conditions = conditions(job, verdict, now);
    boolean over =
        !(verdict instanceof Verdict.Going)
            && tally.settled()
            && tally.active().isEmpty()
            && pending == 0
            && tally.terminating() == 0;
    if (over) {
      conditions = ended(conditions, verdict, now);
    }
    return new Job.Status(
        tally.active().size(),
        tally.ready(),
        tally.terminating(),
        tally.countedSucceeded(),
        tally.countedFailed(),
        job.spec().indexed() ? tally.succeededIndexes().toString() : "",
        perIndex ? tally.failedIndexes().toString() : null,
        start(job, now),
        over && verdict instanceof Verdict.Succeeded ? now : old.completionTime(),
        conditions,
        tally.uncounted());
  }

  /** A job starts when it is first looked at unsuspended, and anew each time it is resumed. */
  private static @Nullable Instant start(Job job, Instant now) {
    Instant old = job.status().startTime();
    if (job.spec().suspend()) {
      return old;
    }
    boolean resumed = Condition.isTrue(job.status().conditions(), SUSPENDED);
    return old == null || resumed ? now : old;
  }

  private static List<Condition> conditions(Job job, Verdict verdict, Instant now) {
    List<Condition> old = job.status().conditions();
    return switch (verdict) {
      case Verdict.Succeeded(String reason, String message) ->
          add(old, Verdict.SUCCESS, reason, message, now);
      case Verdict.Failed(String reason, String message) ->
          add(old, Verdict.FAILURE, reason, message, now);
      case Verdict.Going _ -> {
        if (job.spec().suspend()) {
          yield Condition.set(
              old, Condition.of(SUSPENDED, true, "JobSuspended", "Job suspended", now));
        }
        yield Condition.find(old, SUSPENDED) == null
            ? old
            : Condition.set(old, Condition.of(SUSPENDED, false, "JobResumed", "Job resumed", now));
      }
    };
  }

  private static List<Condition> ended(List<Condition> conditions, Verdict verdict, Instant now) {
    return switch (verdict) {
      case Verdict.Succeeded(String reason, String message) ->
          add(conditions, "Complete", reason, message, now);
      case Verdict.Failed(String reason, String message) ->
          add(conditions, "Failed", reason, message, now);
      case Verdict.Going _ -> conditions;
    };
  }

  private static List<Condition> add(
      List<Condition> conditions, String type, String reason, String message, Instant now) {
    if (Condition.isTrue(conditions, type)) {
      return conditions;
    }
    List<Condition> next = new ArrayList<>(conditions);
    next.removeIf(condition -> condition.type().equals(type));
    next.add(Condition.of(type, true, reason, message, now));
    return next;
  }

  /** What a step from one status to the next is worth telling. */
  record News(boolean warning, String reason, String message) {}

  static Optional<News> news(Job.Status before, Job.Status after) {
    for (Condition condition : after.conditions()) {
      Condition old = Condition.find(before.conditions(), condition.type());
      boolean changed = old == null || !old.status().equals(condition.status());
      if (!changed) {
        continue;
      }
      switch (condition.type()) {
        case "Complete" -> {
          return Optional.of(new News(false, "Completed", "Job completed"));
        }
        case "Failed" -> {
          return Optional.of(new News(true, condition.reason(), condition.message()));
        }
        case SUSPENDED -> {
          return Optional.of(
              condition.isTrue()
                  ? new News(false, "Suspended", "Job suspended")
                  : new News(false, "Resumed", "Job resumed"));
        }
        default -> {}
      }
    }
    return Optional.empty();
  }
}
