package minik8s.scheduler;

import java.time.Instant;
import java.util.concurrent.Semaphore;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes through the API server, so many at a time and the others in order. Thread-safe; meant for
 * virtual threads.
 */
final class ApiGateway implements ClusterGateway {
  private static final int BINDINGS_AT_ONCE = 64;
  private static final int EXPLANATIONS_AT_ONCE = 8;
  private static final int TRIES = 3;

  private final Api api;
  private final EventRecorder events;
  private final Timers timers;
  private final Semaphore bindings = new Semaphore(BINDINGS_AT_ONCE, true);
  private final Semaphore explanations = new Semaphore(EXPLANATIONS_AT_ONCE, true);

  ApiGateway(Api api, EventRecorder events, Timers timers) {
    this.api = api;
    this.events = events;
    this.timers = timers;
  }

  @Override
  public void bind(Pod pod, String node) {
    ObjectNode binding = Json.object().put("apiVersion", "v1").put("kind", "Binding");
    binding
        .putObject("metadata")
        .put("name", pod.metadata().name())
        .put("namespace", pod.metadata().namespace())
        .put("uid", pod.uid());
    binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
    bindings.acquireUninterruptibly();
    try {
      api.post(Resources.PODS, pod.key(), "binding", binding);
    } finally {
      bindings.release();
    }
    events.normal(
        Resources.PODS, pod, "Scheduled", "Successfully assigned " + pod.key() + " to " + node);
  }

  @Override
  public void explain(Pod pod, String reason, String message) {
    explanations.acquireUninterruptibly();
    try {
      write(pod, reason, message);
    } finally {
      explanations.release();
    }
    if (!reason.equals("SchedulingGated")) {
      events.warning(Resources.PODS, pod, "FailedScheduling", message);
    }
  }

  /** Bound to the revision seen, lest a late explanation hide that the pod was bound meanwhile. */
  private void write(Pod pod, String reason, String message) {
    Pod seen = pod;
    for (int i = 1; i <= TRIES; i++) {
      if (seen.bound() || seen.metadata().deleting() || says(seen, reason, message)) {
        return;
      }
      try {
        api.patchStatus(Resources.PODS, seen.key(), patch(seen, reason, message));
        return;
      } catch (ApiException e) {
        if (!e.conflict() || i == TRIES) {
          throw e;
        }
        seen = api.get(Resources.PODS, pod.key());
        if (!seen.uid().equals(pod.uid())) {
          return;
        }
      }
    }
  }

  private static boolean says(Pod pod, String reason, String message) {
    Condition condition = Condition.find(pod.status().conditions(), "PodScheduled");
    return condition != null
        && condition.status().equals("False")
        && condition.reason().equals(reason)
        && condition.message().equals(message);
  }

  private ObjectNode patch(Pod pod, String reason, String message) {
    Condition old = Condition.find(pod.status().conditions(), "PodScheduled");
    Instant since = old == null || old.isTrue() ? null : old.lastTransitionTime();
    ObjectNode patch = Json.object();
    patch
        .putObject("metadata")
        .put("uid", pod.uid())
        .put("resourceVersion", pod.metadata().resourceVersion());
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "False")
        .put("reason", reason)
        .put("message", message)
        .put("lastTransitionTime", Json.time(since == null ? timers.clock().instant() : since))
        .putNull("lastProbeTime");
    return patch;
  }
}
