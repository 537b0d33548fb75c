package minik8s.controller.cronjob;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import minik8s.api.Condition;
import minik8s.api.CronJob;
import minik8s.api.Job;
import minik8s.api.ObjectReference;
import minik8s.api.Resources;
import minik8s.api.cron.Schedule;

/** Decides what a cron job does next. Pure. Source: Kubernetes' {@code syncCronJob}. */
final class CronJobPlan {
  /** The annotation of jobs that were made for a time; jobs made by hand have another. */
  static final String DUE = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  private static final DateTimeFormatter RFC1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT);

  private CronJobPlan() {}

  /**
   * What a cron job looks like.
   *
   * @param jobs all that it controls, as the cache shows them
   * @param exists whether a job that the status calls active and the cache does not show exists
   */
  record View(CronJob cron, List<Job> jobs, Predicate<ObjectReference> exists, Instant now) {}

  /**
   * What to do, the status afterwards, and when to look again.
   *
   * @param active jobs that run, the new one not included
   */
  record Step(
      List<Action> actions,
      List<ObjectReference> active,
      Optional<Instant> lastSuccess,
      Optional<Instant> again) {
    Step {
      actions = List.copyOf(actions);
      active = List.copyOf(active);
    }
  }

  static Step next(View view) {
    List<Action> actions = new ArrayList<>();
    List<ObjectReference> active = active(view, actions);
    Optional<Instant> success = success(view);
    Optional<Instant> again = Optional.empty();
    if (!view.cron().metadata().deleting()) {
      prune(view, actions);
      if (!view.cron().spec().suspend()) {
        again = schedule(view, active, actions);
      }
    }
    return new Step(actions, active, success, again);
  }

  /** The jobs of this cron job that run: those of the status, and those it forgot. */
  private static List<ObjectReference> active(View view, List<Action> actions) {
    List<ObjectReference> active = new ArrayList<>();
    for (ObjectReference ref : view.cron().status().active()) {
      Optional<Job> job =
          view.jobs().stream().filter(one -> one.uid().equals(ref.uid())).findFirst();
      if (job.isPresent() && job.get().finished()) {
        String condition =
            Condition.isTrue(job.get().status().conditions(), "Complete") ? "Complete" : "Failed";
        actions.add(
            new Action.Tell(
                false,
                "SawCompletedJob",
                "Saw completed job: %s, condition: %s".formatted(ref.name(), condition)));
      } else if (job.isPresent() || view.exists().test(ref)) {
        active.add(ref);
      } else {
        actions.add(new Action.Tell(false, "MissingJob", "Active job went missing: " + ref.name()));
      }
    }
    for (Job job : view.jobs()) {
      if (!job.finished()
          && job.metadata().annotations().containsKey(DUE)
          && active.stream().noneMatch(ref -> ref.uid().equals(job.uid()))) {
        active.add(reference(job));
      }
    }
    return active;
  }

  static ObjectReference reference(Job job) {
    return ObjectReference.to(Resources.JOBS, job, "");
  }

  private static Optional<Instant> success(View view) {
    Optional<Instant> newest =
        view.jobs().stream()
            .filter(job -> Condition.isTrue(job.status().conditions(), "Complete"))
            .flatMap(job -> Optional.ofNullable(job.status().completionTime()).stream())
            .max(Instant::compareTo);
    Instant known = view.cron().status().lastSuccessfulTime();
    return newest
        .filter(at -> known == null || at.isAfter(known))
        .or(() -> Optional.ofNullable(known));
  }

  /** Finished jobs beyond the limits, oldest first. */
  private static void prune(View view, List<Action> actions) {
    CronJob.Spec spec = view.cron().spec();
    prune(view, "Complete", spec.successfulJobsHistoryLimit(), 3, actions);
    prune(view, "Failed", spec.failedJobsHistoryLimit(), 1, actions);
  }

  private static void prune(
      View view,
      String condition,
      @org.jspecify.annotations.Nullable Integer limit,
      int absent,
      List<Action> actions) {
    List<Job> ended =
        view.jobs().stream()
            .filter(job -> !job.metadata().deleting())
            .filter(job -> Condition.isTrue(job.status().conditions(), condition))
            .sorted(
                comparing((Job job) ->
                        Objects.requireNonNullElse(job.status().startTime(), Instant.MAX))
                    .thenComparing(job -> job.metadata().name()))
            .toList();
    ended.stream()
        .limit(Math.max(0, ended.size() - (limit == null ? absent : limit)))
        .forEach(job -> actions.add(new Action.Prune(job)));
  }

  /** Makes the job that is due; when to look again. */
  private static Optional<Instant> schedule(
      View view, List<ObjectReference> active, List<Action> actions) {
    CronJob cron = view.cron();
    Schedule schedule;
    try {
      schedule = Schedule.parse(cron.spec().schedule(), zone(cron));
    } catch (java.time.DateTimeException e) {
      actions.add(
          new Action.Tell(
              true,
              "UnknownTimeZone",
              "invalid timeZone: \"%s\": %s".formatted(cron.spec().timeZone(), e.getMessage())));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      actions.add(
          new Action.Tell(
              true,
              "UnparseableSchedule",
              "unparseable schedule: \"%s\" : %s"
                  .formatted(cron.spec().schedule(), e.getMessage())));
      return Optional.empty();
    }
    DueTimes times = DueTimes.of(cron, schedule, view.now());
    times.latest().ifPresent(due -> start(view, times, due, active, actions));
    return times.next();
  }

  static ZoneId zone(CronJob cron) {
    String name = cron.spec().timeZone();
    return name == null ? ZoneOffset.UTC : ZoneId.of(name);
  }

  private static void start(
      View view, DueTimes times, Instant due, List<ObjectReference> active, List<Action> actions) {
    CronJob cron = view.cron();
    if (times.tooMany()) {
      actions.add(
          new Action.Tell(
              true,
              "TooManyMissedTimes",
              "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check"
                  + " clock skew"));
    }
    Long deadline = cron.spec().startingDeadlineSeconds();
    if (deadline != null && due.plusSeconds(deadline).isBefore(view.now())) {
      actions.add(
          new Action.Tell(
              true,
              "MissSchedule",
              "Missed scheduled time to start a job: "
                  + RFC1123.format(ZonedDateTime.ofInstant(due, ZoneOffset.UTC))));
      return;
    }
    String name = name(cron, due);
    if (active.stream().anyMatch(ref -> ref.name().equals(name))) {
      return;
    }
    if (cron.spec().concurrencyPolicy().equals("Forbid") && !active.isEmpty()) {
      actions.add(
          new Action.Tell(
              false,
              "JobAlreadyActive",
              "Not starting job because prior execution is running and concurrency policy is"
                  + " Forbid"));
      return;
    }
    if (cron.spec().concurrencyPolicy().equals("Replace")) {
      active.forEach(ref -> actions.add(new Action.Replace(ref)));
      active.clear();
    }
    actions.add(new Action.Create(name, due));
  }

  /** One name for one time: whoever makes the job twice makes it once. */
  static String name(CronJob cron, Instant due) {
    return cron.metadata().name() + "-" + due.getEpochSecond() / 60;
  }
}
