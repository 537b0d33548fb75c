package minik8s.controller.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import minik8s.api.ContainerState;
import minik8s.api.Job;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import org.jspecify.annotations.Nullable;

/** What the failure of one pod means. Pure. Source: Kubernetes' {@code matchPodFailurePolicy}. */
final class FailurePolicy {
  private FailurePolicy() {}

  /**
   * The meaning of a failure.
   *
   * @param message why the job fails; empty unless the action is FailJob
   */
  record Meaning(String action, String message) {
    static final Meaning COUNT = new Meaning("Count", "");

    boolean counts() {
      return !action.equals("Ignore");
    }

    boolean failsJob() {
      return action.equals("FailJob");
    }

    boolean failsIndex() {
      return action.equals("FailIndex");
    }
  }

  static Meaning of(Job job, Pod pod) {
    Job.PodFailurePolicy policy = job.spec().podFailurePolicy();
    if (policy == null) {
      return Meaning.COUNT;
    }
    List<Job.Rule> rules = policy.rules();
    for (int i = 0; i < rules.size(); i++) {
      Job.Rule rule = rules.get(i);
      String match = match(rule, pod);
      if (match != null) {
        String message = "%s matching %s rule at index %d".formatted(match, rule.action(), i);
        boolean perIndex = job.spec().backoffLimitPerIndex() != null;
        if (rule.action().equals("FailIndex") && !perIndex) {
          return Meaning.COUNT;
        }
        return new Meaning(rule.action(), rule.action().equals("FailJob") ? message : "");
      }
    }
    return Meaning.COUNT;
  }

  /** What of the pod the rule matches; null when it does not. */
  private static @Nullable String match(Job.Rule rule, Pod pod) {
    Job.OnExitCodes codes = rule.onExitCodes();
    if (codes != null) {
      return containers(pod)
          .flatMap(container -> ended(container, codes).stream())
          .findFirst()
          .map(text -> text.formatted(pod.key()))
          .orElse(null);
    }
    return rule.onPodConditions().stream()
        .filter(wanted ->
            pod.status().conditions().stream()
                .anyMatch(has ->
                    has.type().equals(wanted.type()) && has.status().equals(wanted.status())))
        .findFirst()
        .map(wanted -> "Pod %s has condition %s".formatted(pod.key(), wanted.type()))
        .orElse(null);
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return Stream.concat(
        pod.status().initContainerStatuses().stream(), pod.status().containerStatuses().stream());
  }

  private static Optional<String> ended(ContainerStatus container, Job.OnExitCodes codes) {
    boolean named = codes.containerName() == null || codes.containerName().equals(container.name());
    if (!named
        || !(container.state() instanceof ContainerState.Terminated end)
        || end.exitCode() == 0) {
      return Optional.empty();
    }
    boolean listed = codes.values().contains(end.exitCode());
    return codes.operator().equals("NotIn") == listed
        ? Optional.empty()
        : Optional.of(
            "Container "
                + container.name()
                + " for pod %s failed with exit code "
                + end.exitCode());
  }
}
