package minik8s.controller.cronjob;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import minik8s.api.CronJob;
import minik8s.api.cron.Schedule;

/**
 * The times at which a cron job was and will be due. Immutable. Pure. Source: Kubernetes' {@code
 * mostRecentScheduleTime}.
 *
 * @param latest the last time that no job was made for; empty when there is none
 * @param tooMany whether more than a hundred such times went by
 * @param next the first time to come; empty when there is none
 */
record DueTimes(Optional<Instant> latest, boolean tooMany, Optional<Instant> next) {
  private static final int MANY = 100;

  static DueTimes of(CronJob cron, Schedule schedule, Instant now) {
    Optional<Instant> next = schedule.next(now);
    Optional<Instant> first = schedule.next(earliest(cron, now));
    if (first.isEmpty() || first.get().isAfter(now)) {
      return new DueTimes(Optional.empty(), false, next);
    }
    Instant latest = first.get();
    Optional<Instant> second = schedule.next(latest);
    if (second.isEmpty() || second.get().isAfter(now)) {
      return new DueTimes(Optional.of(latest), false, next);
    }
    long period = Math.max(1, Duration.between(latest, second.get()).toSeconds());
    long missed = Duration.between(latest, now).toSeconds() / period + 1;
    latest = last(schedule, latest, now, period, missed);
    return new DueTimes(Optional.of(latest), missed > MANY, next);
  }

  /** From when on times count: the last one served, creation, or as far back as is not too late. */
  private static Instant earliest(CronJob cron, Instant now) {
    Instant last = cron.status().lastScheduleTime();
    Instant from =
        last != null ? last : Objects.requireNonNullElse(cron.metadata().creationTimestamp(), now);
    Long deadline = cron.spec().startingDeadlineSeconds();
    if (deadline != null && now.minusSeconds(deadline).isAfter(from)) {
      return now.minusSeconds(deadline);
    }
    return from;
  }

  /** The last time that is not after now; years of missed minutes are not walked one by one. */
  private static Instant last(
      Schedule schedule, Instant first, Instant now, long period, long missed) {
    Instant latest = first;
    if (missed > MANY) {
      Instant near = now.minusSeconds(period * 2);
      Optional<Instant> jump = schedule.next(near.isAfter(first) ? near : first);
      latest = jump.filter(at -> !at.isAfter(now)).orElse(first);
    }
    while (true) {
      Optional<Instant> following = schedule.next(latest);
      if (following.isEmpty() || following.get().isAfter(now)) {
        return latest;
      }
      latest = following.get();
    }
  }
}
