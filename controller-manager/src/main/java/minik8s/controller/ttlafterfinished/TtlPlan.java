package minik8s.controller.ttlafterfinished;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import minik8s.api.Condition;
import minik8s.api.Job;

/** Decides when a job is to be deleted. Pure. */
final class TtlPlan {
  private TtlPlan() {}

  /** The moment, past or to come; empty when the job still runs or may stay for ever. */
  static Optional<Instant> expiry(Job job) {
    Integer seconds = job.spec().ttlSecondsAfterFinished();
    if (seconds == null || job.metadata().deleting()) {
      return Optional.empty();
    }
    return Stream.of("Complete", "Failed")
        .flatMap(type -> Stream.ofNullable(Condition.find(job.status().conditions(), type)))
        .filter(Condition::isTrue)
        .flatMap(condition -> Stream.ofNullable(condition.lastTransitionTime()))
        .min(Instant::compareTo)
        .map(end -> end.plusSeconds(seconds));
  }
}
