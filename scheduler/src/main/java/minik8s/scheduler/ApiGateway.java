package minik8s.scheduler;

import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.KubeObject;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.framework.Volumes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes through the API server, so many at a time and the others in order. Thread-safe; meant for
 * virtual threads.
 */
public final class ApiGateway implements ClusterGateway {
  private static final int BINDINGS_AT_ONCE = 64;
  private static final int EXPLANATIONS_AT_ONCE = 8;
  private static final int TRIES = 3;

  private final Api api;
  private final EventRecorder events;
  private final Timers timers;
  private final Semaphore bindings = new Semaphore(BINDINGS_AT_ONCE, true);
  private final Semaphore explanations = new Semaphore(EXPLANATIONS_AT_ONCE, true);

  /**
   * @param events where people read of bindings, refusals and displacements
   */
  public ApiGateway(Api api, EventRecorder events, Timers timers) {
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
  public void explain(Pod pod, String reason, String message, Room room) {
    String node = room == Room.GIVEN_UP ? "" : null;
    limited(() -> write(pod, new Word(reason, message, node)));
    if (!reason.equals("SchedulingGated")) {
      events.warning(Resources.PODS, pod, "FailedScheduling", message);
    }
  }

  @Override
  public boolean nominate(Pod pod, String message, String node) {
    boolean waits = limited(() -> write(pod, new Word("Unschedulable", message, node)));
    events.warning(Resources.PODS, pod, "FailedScheduling", message);
    return waits;
  }

  @Override
  public void withdraw(Pod pod) {
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", pod.uid());
    patch.putObject("status").putNull("nominatedNodeName");
    limited(() -> unlessGone(() -> api.patchStatus(Resources.PODS, pod.key(), patch)));
  }

  @Override
  public void evict(Pod victim, Pod preemptor, String node) {
    Condition condition =
        Condition.of(
            "DisruptionTarget",
            true,
            "PreemptionByScheduler",
            preemptor.spec().schedulerName() + ": preempting to accommodate a higher priority pod",
            timers.clock().instant());
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", victim.uid());
    patch.putObject("status").putArray("conditions").add(Json.tree(condition));
    boolean there =
        limited(() -> {
          return unlessGone(() -> api.patchStatus(Resources.PODS, victim.key(), patch))
              && unlessGone(() ->
                  api.delete(Resources.PODS, victim.key(), DeleteOptions.ofUid(victim.uid())));
        });
    if (there) {
      events.normal(
          Resources.PODS,
          victim,
          "Preempted",
          "Preempted by pod " + preemptor.uid() + " on node " + node);
    }
  }

  /** False when the object is gone, or only its name lives on in another. */
  private static boolean unlessGone(Runnable write) {
    try {
      write.run();
      return true;
    } catch (ApiException e) {
      if (e.notFound() || e.conflict()) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void fulfil(VolumeDuty duty) {
    switch (duty) {
      case VolumeDuty.Promise promise -> promise(promise.claim(), promise.volume());
      case VolumeDuty.Provision provision -> {
        ObjectNode patch = revision(provision.claim());
        patch
            .withObject("metadata")
            .putObject("annotations")
            .put(Volumes.SELECTED_NODE, provision.node());
        api.patch(
            Resources.PERSISTENT_VOLUME_CLAIMS,
            provision.claim().key(),
            "",
            PatchType.MERGE,
            patch);
      }
    }
  }

  private void promise(PersistentVolumeClaim claim, PersistentVolume volume) {
    ObjectReference holder = volume.spec().claimRef();
    if (holder != null && holder.uid().equals(claim.metadata().uid())) {
      return;
    }
    ObjectNode patch = revision(volume);
    patch
        .withObject("metadata")
        .putObject("annotations")
        .put("pv.kubernetes.io/bound-by-controller", "yes");
    patch
        .putObject("spec")
        .set(
            "claimRef",
            Json.tree(ObjectReference.to(Resources.PERSISTENT_VOLUME_CLAIMS, claim, "")));
    api.patch(Resources.PERSISTENT_VOLUMES, volume.key(), "", PatchType.MERGE, patch);
  }

  /** A patch that holds only for the revision that was decided upon. */
  private static ObjectNode revision(KubeObject object) {
    ObjectNode patch = Json.object();
    patch
        .putObject("metadata")
        .put("uid", object.metadata().uid())
        .put("resourceVersion", object.metadata().resourceVersion());
    return patch;
  }

  private <T> T limited(Supplier<T> write) {
    explanations.acquireUninterruptibly();
    try {
      return write.get();
    } finally {
      explanations.release();
    }
  }

  /**
   * What is to be said on a pod.
   *
   * @param node the node on which room is kept; empty for none, null to leave that open
   */
  private record Word(String reason, String message, @Nullable String node) {}

  /**
   * Bound to the revision seen, lest a late explanation hide that the pod was bound meanwhile.
   * False when the pod does not wait any more.
   */
  private boolean write(Pod pod, Word word) {
    Pod seen = pod;
    for (int i = 1; ; i++) {
      if (seen.bound() || seen.metadata().deleting()) {
        return false;
      }
      if (says(seen, word)) {
        return true;
      }
      try {
        api.patchStatus(Resources.PODS, seen.key(), patch(seen, word));
        return true;
      } catch (ApiException e) {
        if (!e.conflict() || i == TRIES) {
          throw e;
        }
        seen = api.get(Resources.PODS, pod.key());
        if (!seen.uid().equals(pod.uid())) {
          return false;
        }
      }
    }
  }

  private static boolean says(Pod pod, Word word) {
    Condition condition = Condition.find(pod.status().conditions(), "PodScheduled");
    return condition != null
        && condition.status().equals("False")
        && condition.reason().equals(word.reason())
        && condition.message().equals(word.message())
        && (word.node() == null || word.node().equals(pod.status().nominatedNodeName()));
  }

  private ObjectNode patch(Pod pod, Word word) {
    Condition old = Condition.find(pod.status().conditions(), "PodScheduled");
    Instant since = old == null || old.isTrue() ? null : old.lastTransitionTime();
    ObjectNode patch = revision(pod);
    ObjectNode status = patch.putObject("status");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "False")
        .put("reason", word.reason())
        .put("message", word.message())
        .put("lastTransitionTime", Json.time(since == null ? timers.clock().instant() : since))
        .putNull("lastProbeTime");
    String node = word.node();
    if (node != null && !node.isEmpty()) {
      status.put("nominatedNodeName", node);
    } else if (node != null && !pod.status().nominatedNodeName().isEmpty()) {
      status.putNull("nominatedNodeName");
    }
    return patch;
  }
}
