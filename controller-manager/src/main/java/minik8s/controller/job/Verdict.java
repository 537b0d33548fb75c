package minik8s.controller.job;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import minik8s.api.Condition;
import minik8s.api.Job;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands. Immutable. Pure. The order of questions and the texts are those of Kubernetes'
 * job controller.
 */
sealed interface Verdict {
  /** It goes on. */
  record Going() implements Verdict {}

  /** It has succeeded; what still runs ends. */
  record Succeeded(String reason, String message) implements Verdict {}

  /** It has failed; what still runs ends. */
  record Failed(String reason, String message) implements Verdict {}

  String SUCCESS = "SuccessCriteriaMet";
  String FAILURE = "FailureTarget";

  /**
   * The verdict on a job that has not finished.
   *
   * @param pending pods that were created and are not shown yet
   */
  static Verdict of(Job job, List<Pod> pods, Tally tally, int pending, Instant now) {
    Condition success = Condition.find(job.status().conditions(), SUCCESS);
    if (success != null && success.isTrue()) {
      return new Succeeded(success.reason(), success.message());
    }
    Condition failure = Condition.find(job.status().conditions(), FAILURE);
    if (failure != null && failure.isTrue()) {
      return new Failed(failure.reason(), failure.message());
    }
    for (Pod pod : pods) {
      if (JobPods.failed(job, pod)) {
        FailurePolicy.Meaning meaning = FailurePolicy.of(job, pod);
        if (meaning.failsJob()) {
          return new Failed("PodFailurePolicy", meaning.message());
        }
      }
    }
    if (tally.failed() > job.spec().failuresBorne() || restartedTooOften(job, pods)) {
      return new Failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    Instant deadline = deadline(job);
    if (deadline != null && !deadline.isAfter(now)) {
      return new Failed("DeadlineExceeded", "Job was active longer than specified deadline");
    }
    Verdict byIndex = job.spec().indexed() ? byIndexes(job, tally) : new Going();
    return byIndex instanceof Going ? byCompletions(job, tally, pending) : byIndex;
  }

  /** When the job has been active for too long; null for never. */
  static @Nullable Instant deadline(Job job) {
    Long seconds = job.spec().activeDeadlineSeconds();
    Instant start = job.status().startTime();
    return seconds == null || start == null || job.spec().suspend()
        ? null
        : start.plusSeconds(seconds);
  }

  /** With restart policy OnFailure it is restarts of containers that count. */
  private static boolean restartedTooOften(Job job, List<Pod> pods) {
    String policy = job.spec().template().node().path("spec").path("restartPolicy").asString("");
    if (!policy.equals("OnFailure")) {
      return false;
    }
    int restarts =
        pods.stream()
            .filter(pod -> !pod.finished())
            .flatMap(pod ->
                Stream.concat(
                    pod.status().initContainerStatuses().stream(),
                    pod.status().containerStatuses().stream()))
            .mapToInt(ContainerStatus::restartCount)
            .sum();
    int borne = job.spec().failuresBorne();
    return borne == 0 ? restarts > 0 : restarts >= borne;
  }

  private static Verdict byIndexes(Job job, Tally tally) {
    Integer completions = job.spec().completions();
    int wanted = completions == null ? 0 : completions;
    if (job.spec().backoffLimitPerIndex() != null) {
      Integer most = job.spec().maxFailedIndexes();
      int failed = tally.failedIndexes().size();
      if (most != null && failed > most) {
        return new Failed(
            "MaxFailedIndexesExceeded",
            "Job has exceeded the specified maximal number of failed indexes");
      }
      if (failed > 0 && failed + tally.succeededIndexes().size() >= wanted) {
        return new Failed("FailedIndexes", "Job has failed indexes");
      }
    }
    Job.SuccessPolicy policy = job.spec().successPolicy();
    List<Job.SuccessRule> rules = policy == null ? List.of() : policy.rules();
    for (int i = 0; i < rules.size(); i++) {
      if (met(rules.get(i), tally.succeededIndexes(), wanted)) {
        return new Succeeded("SuccessPolicy", "Matched rules at index " + i);
      }
    }
    return new Going();
  }

  private static boolean met(Job.SuccessRule rule, IndexSet succeeded, int wanted) {
    String indexes = rule.succeededIndexes();
    Integer count = rule.succeededCount();
    if (indexes == null) {
      return count != null && succeeded.size() >= count;
    }
    IndexSet asked = IndexSet.parse(indexes, wanted);
    return succeeded.common(asked) >= (count == null ? asked.size() : count);
  }

  private static Verdict byCompletions(Job job, Tally tally, int pending) {
    Integer completions = job.spec().completions();
    boolean enough = completions == null ? tally.succeeded() > 0 : tally.succeeded() >= completions;
    return enough && tally.active().isEmpty() && pending == 0
        ? new Succeeded("CompletionsReached", "Reached expected number of succeeded pods")
        : new Going();
  }
}
