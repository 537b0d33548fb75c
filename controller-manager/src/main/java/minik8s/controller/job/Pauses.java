package minik8s.controller.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.api.Job;
import minik8s.api.Pod;
import minik8s.control.Backoff;

/**
 * How long a job waits before it tries again: ten seconds after the first failure in a row, twice
 * as long after each further one, at most ten minutes. Immutable. Pure: read off the pods that
 * ended, so that a restart forgets nothing.
 *
 * @param job until when no pod is made; the epoch where nothing failed
 * @param byIndex until when no pod is made for an index that has failures of its own
 */
record Pauses(Instant job, Map<Integer, Instant> byIndex) {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration MOST = Duration.ofMinutes(10);

  Pauses {
    byIndex = Map.copyOf(byIndex);
  }

  static Pauses of(Job job, List<Pod> pods, Tally tally) {
    if (job.spec().backoffLimitPerIndex() == null) {
      return new Pauses(overall(job, pods), Map.of());
    }
    Map<Integer, Instant> until = new TreeMap<>();
    tally
        .failures()
        .forEach((index, count) ->
            pods.stream()
                .filter(pod -> JobPods.index(pod) == index && JobPods.failed(job, pod))
                .map(JobPods::endedAt)
                .max(Instant::compareTo)
                .ifPresent(end -> until.put(index, end.plus(pause(count)))));
    return new Pauses(Instant.EPOCH, until);
  }

  private static Instant overall(Job job, List<Pod> pods) {
    Instant success =
        pods.stream()
            .filter(JobPods::succeeded)
            .map(JobPods::endedAt)
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    List<Instant> failures =
        pods.stream()
            .filter(pod -> JobPods.failed(job, pod))
            .filter(pod -> FailurePolicy.of(job, pod).counts())
            .map(JobPods::endedAt)
            .filter(end -> end.isAfter(success))
            .sorted()
            .toList();
    return failures.isEmpty() ? Instant.EPOCH : failures.getLast().plus(pause(failures.size()));
  }

  private static Duration pause(int failures) {
    return Backoff.delay(FIRST, MOST, failures);
  }
}
