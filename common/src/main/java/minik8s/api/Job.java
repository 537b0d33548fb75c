package minik8s.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** Pods that run until enough of them have succeeded. Immutable; the template stays raw JSON. */
public record Job(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Job {
    status =
        status == null
            ? new Status(0, null, null, 0, 0, "", null, null, null, List.of(), null)
            : status;
  }

  /** Whether it is over, well or badly. */
  public boolean finished() {
    return Condition.isTrue(status.conditions(), "Complete")
        || Condition.isTrue(status.conditions(), "Failed");
  }

  /**
   * What is wanted.
   *
   * @param parallelism how many pods may run at once; null means 1
   * @param completions how many must succeed; null means that one success is enough and the others
   *     run to their ends
   * @param completionMode {@code NonIndexed} or {@code Indexed}
   * @param backoffLimit failures after which the job fails; null means 6
   * @param backoffLimitPerIndex failures after which an index fails; null for no such limit
   * @param maxFailedIndexes failed indexes after which the job fails; null for no such limit
   * @param podReplacementPolicy {@code TerminatingOrFailed} or {@code Failed}
   * @param managedBy who works on the job; null or ours
   */
  public record Spec(
      @Nullable Integer parallelism,
      @Nullable Integer completions,
      String completionMode,
      @Nullable Integer backoffLimit,
      @Nullable Integer backoffLimitPerIndex,
      @Nullable Integer maxFailedIndexes,
      @Nullable Long activeDeadlineSeconds,
      boolean suspend,
      @Nullable Integer ttlSecondsAfterFinished,
      LabelSelector selector,
      Raw template,
      @Nullable PodFailurePolicy podFailurePolicy,
      @Nullable SuccessPolicy successPolicy,
      String podReplacementPolicy,
      @Nullable String managedBy) {
    public Spec {
      completionMode = Lists.of(completionMode);
      podReplacementPolicy = Lists.of(podReplacementPolicy);
    }

    public boolean indexed() {
      return completionMode.equals("Indexed");
    }

    /** How many pods may run at once. */
    public int width() {
      return parallelism == null ? 1 : parallelism;
    }

    /** How many failures are borne. */
    public int failuresBorne() {
      return backoffLimit == null ? 6 : backoffLimit;
    }
  }

  /** What failures of pods mean; the first rule that matches counts. */
  public record PodFailurePolicy(List<Rule> rules) {
    public PodFailurePolicy {
      rules = Lists.of(rules);
    }
  }

  /**
   * One rule; one of the two conditions is set.
   *
   * @param action {@code FailJob}, {@code FailIndex}, {@code Ignore} or {@code Count}
   */
  public record Rule(
      String action, @Nullable OnExitCodes onExitCodes, List<OnPodCondition> onPodConditions) {
    public Rule {
      action = Lists.of(action);
      onPodConditions = Lists.of(onPodConditions);
    }
  }

  /**
   * Codes other than 0 that a container ended with.
   *
   * @param containerName null for any container
   * @param operator {@code In} or {@code NotIn}
   */
  public record OnExitCodes(@Nullable String containerName, String operator, List<Integer> values) {
    public OnExitCodes {
      operator = Lists.of(operator);
      values = Lists.of(values);
    }
  }

  /** A condition of the pod; the status is True when absent. */
  public record OnPodCondition(String type, String status) {
    public OnPodCondition {
      type = Lists.of(type);
      status = status == null || status.isEmpty() ? "True" : status;
    }
  }

  /** When an indexed job has succeeded although not all indexes have; one rule is enough. */
  public record SuccessPolicy(List<SuccessRule> rules) {
    public SuccessPolicy {
      rules = Lists.of(rules);
    }
  }

  /**
   * So many of these indexes.
   *
   * @param succeededIndexes null for all
   * @param succeededCount null for all of them
   */
  public record SuccessRule(@Nullable String succeededIndexes, @Nullable Integer succeededCount) {}

  /**
   * What the controller saw.
   *
   * @param ready active pods that are ready
   * @param terminating pods that are being deleted and have not ended
   * @param completedIndexes such as {@code 1,3-5}
   * @param failedIndexes null where indexes have no limit of their own
   * @param uncountedTerminatedPods pods that ended and are not part of the counters yet
   */
  public record Status(
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int active,
      @Nullable Integer ready,
      @Nullable Integer terminating,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int succeeded,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int failed,
      String completedIndexes,
      @Nullable String failedIndexes,
      @Nullable Instant startTime,
      @Nullable Instant completionTime,
      List<Condition> conditions,
      @Nullable Uncounted uncountedTerminatedPods) {
    public Status {
      completedIndexes = Lists.of(completedIndexes);
      conditions = Lists.of(conditions);
    }

    /** The pods that ended and are not part of the counters yet. */
    public Uncounted uncounted() {
      return uncountedTerminatedPods == null
          ? new Uncounted(List.of(), List.of())
          : uncountedTerminatedPods;
    }
  }

  /** Uids of pods that ended. */
  public record Uncounted(List<String> succeeded, List<String> failed) {
    public Uncounted {
      succeeded = Lists.of(succeeded);
      failed = Lists.of(failed);
    }
  }
}
