package minik8s.controller.job;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import minik8s.api.Condition;
import minik8s.api.ContainerState;
import minik8s.api.Job;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.controller.pods.PodDocuments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods of jobs as documents, and what a job reads off them. Pure. */
final class JobPods {
  /** Holds a pod's object until the job has counted it. */
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";

  static final String INDEX = "batch.kubernetes.io/job-completion-index";
  static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";

  private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

  private JobPods() {}

  /**
   * A pod of the job.
   *
   * @param index which completion it is for; negative where there are no indexes
   * @param failures how often that index has failed
   */
  static ObjectNode document(Job job, String name, int index, int failures) {
    ObjectNode pod = PodDocuments.of(Resources.JOBS, job, job.spec().template().node(), name);
    ObjectNode meta = pod.withObject("metadata");
    ArrayNode finalizers = meta.withArray("finalizers");
    if (finalizers.valueStream().noneMatch(node -> node.asString("").equals(FINALIZER))) {
      finalizers.add(FINALIZER);
    }
    if (index >= 0) {
      meta.put("generateName", job.metadata().name() + "-" + index + "-");
      meta.withObject("labels").put(INDEX, Integer.toString(index));
      ObjectNode annotations = meta.withObject("annotations").put(INDEX, Integer.toString(index));
      if (job.spec().backoffLimitPerIndex() != null) {
        annotations.put(INDEX_FAILURES, Integer.toString(failures));
      }
      ObjectNode spec = pod.withObject("spec");
      spec.put("hostname", job.metadata().name() + "-" + index);
      tellIndex(spec.path("containers"));
      tellIndex(spec.path("initContainers"));
    }
    return pod;
  }

  private static void tellIndex(JsonNode containers) {
    for (JsonNode container : containers) {
      ArrayNode env = ((ObjectNode) container).withArray("env");
      if (env.valueStream().noneMatch(v -> v.path("name").asString("").equals(INDEX_VARIABLE))) {
        ObjectNode variable = Json.object().put("name", INDEX_VARIABLE);
        variable
            .putObject("valueFrom")
            .putObject("fieldRef")
            .put("fieldPath", "metadata.annotations['" + INDEX + "']");
        env.add(variable);
      }
    }
  }

  static boolean tracked(Pod pod) {
    return pod.metadata().finalizers().contains(FINALIZER);
  }

  /** Which completion a pod is for; -1 when it says nothing that can be read. */
  static int index(Pod pod) {
    return number(pod, INDEX, -1);
  }

  /** How often the pod's index had failed when the pod was made. */
  static int failuresBefore(Pod pod) {
    return number(pod, INDEX_FAILURES, 0);
  }

  private static int number(Pod pod, String annotation, int otherwise) {
    try {
      String text = pod.metadata().annotations().get(annotation);
      return text == null ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  static boolean succeeded(Pod pod) {
    return pod.status().phase().equals("Succeeded");
  }

  /**
   * Whether the pod counts as failed. One that is being deleted does at once, unless the job waits
   * for ends; but one that has no kubelet to tell its end never says more.
   */
  static boolean failed(Job job, Pod pod) {
    if (pod.finished()) {
      return pod.status().phase().equals("Failed");
    }
    if (!pod.metadata().deleting()) {
      return false;
    }
    Long grace = pod.metadata().deletionGracePeriodSeconds();
    boolean silent = !pod.bound() || (grace != null && grace == 0);
    return silent || !waitsForEnds(job);
  }

  /** Whether a pod is replaced only when it has ended. */
  static boolean waitsForEnds(Job job) {
    return job.spec().podReplacementPolicy().equals("Failed")
        || job.spec().podFailurePolicy() != null;
  }

  static boolean terminating(Pod pod) {
    return pod.metadata().deleting() && !pod.finished();
  }

  /** When the pod ended: its last container's end, else what comes nearest. */
  static Instant endedAt(Pod pod) {
    Instant last =
        Stream.concat(
                pod.status().initContainerStatuses().stream(),
                pod.status().containerStatuses().stream())
            .map(container -> container.state())
            .filter(ContainerState.Terminated.class::isInstance)
            .map(state -> ((ContainerState.Terminated) state).finishedAt())
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null);
    if (last != null) {
      return last;
    }
    Condition ready = Condition.find(pod.status().conditions(), "Ready");
    if (ready != null && !ready.isTrue() && ready.lastTransitionTime() != null) {
      return ready.lastTransitionTime();
    }
    if (pod.metadata().deletionTimestamp() != null) {
      return pod.metadata().deletionTimestamp();
    }
    return Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.EPOCH);
  }
}
