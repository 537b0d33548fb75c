package minik8s.controller.statefulset;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.ControllerRevision;
import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.StatefulSet;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.controller.owner.Claimant;
import minik8s.controller.patch.Patches;
import minik8s.controller.revision.RevisionKeeper;
import minik8s.controller.revision.RevisionPlan;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings pods and claims in line with their stateful set. Thread-safe; the queue gives one set to
 * one worker at a time.
 *
 * <p>Needs no memory of its own writes: a pod's name is its number, so that a creation on a stale
 * cache finds the name taken, and a deletion carries the uid that was seen.
 */
public final class StatefulSetReconciler implements Reconciler {
  private static final String HASH = "controller.kubernetes.io/hash";

  private final Api api;
  private final Lister<StatefulSet> sets;
  private final Lister<PersistentVolumeClaim> claims;
  private final Claimant<StatefulSet, Pod> claimant;
  private final RevisionKeeper<StatefulSet> revisions;
  private final EventRecorder events;
  private final Timers timers;

  public StatefulSetReconciler(
      Api api,
      Lister<StatefulSet> sets,
      Lister<Pod> pods,
      Index<Pod> podsByOwner,
      Lister<PersistentVolumeClaim> claims,
      Lister<ControllerRevision> revisions,
      Index<ControllerRevision> revisionsByOwner,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.sets = sets;
    this.claims = claims;
    this.claimant = new Claimant<>(api, Resources.STATEFUL_SETS, Resources.PODS, pods, podsByOwner);
    this.revisions =
        new RevisionKeeper<>(api, Resources.STATEFUL_SETS, revisions, revisionsByOwner, HASH);
    this.events = events;
    this.timers = timers;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<StatefulSet> found = sets.get(key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    StatefulSet set = found.get();
    if (set.spec().selector().selectsAll()) {
      return Result.DONE;
    }
    RevisionKeeper.History history =
        revisions.keep(
            set, set.spec().selector(), set.spec().template(), set.status().collisionCount());
    StatefulSetPlan.View view = view(set, history);
    ApiException failure = null;
    try {
      for (Action action : StatefulSetPlan.next(view)) {
        perform(set, action);
      }
    } catch (ApiException e) {
      failure = e;
    }
    return report(view, history, failure);
  }

  private StatefulSetPlan.View view(StatefulSet set, RevisionKeeper.History history) {
    String namespace = set.metadata().namespace();
    List<Pod> pods =
        claimant.claim(
            set, set.spec().selector(), pod -> Ordinals.of(set.metadata().name(), pod).isPresent());
    ControllerRevision current =
        history.all().stream()
            .filter(one -> one.metadata().name().equals(set.status().currentRevision()))
            .findFirst()
            .orElse(history.present());
    return new StatefulSetPlan.View(
        set,
        pods,
        current,
        history.present(),
        name -> claims.get(new ObjectKey(namespace, name)),
        timers.clock().instant());
  }

  private void perform(StatefulSet set, Action action) {
    switch (action) {
      case Action.CreateClaim(String name, int ordinal) -> createClaim(set, name, ordinal);
      case Action.Create(int ordinal, ControllerRevision revision) ->
          create(set, ordinal, revision);
      case Action.Delete(Pod pod, Action.Cause cause) -> delete(set, pod, cause);
      case Action.Identify(Pod pod) -> {
        int ordinal = Ordinals.of(set.metadata().name(), pod).orElseThrow();
        ObjectNode patch = Patches.of(pod);
        ObjectNode labels = patch.withObject("metadata").putObject("labels");
        StatefulPods.identity(pod.metadata().name(), ordinal).forEach(labels::put);
        api.patch(Resources.PODS, pod.key(), "", PatchType.MERGE, patch);
      }
      case Action.SetOwners(PersistentVolumeClaim claim, List<ObjectNode> owners) -> {
        ObjectNode patch = Patches.guarded(claim);
        ArrayNode list = patch.withObject("metadata").putArray("ownerReferences");
        owners.forEach(list::add);
        api.patch(Resources.PERSISTENT_VOLUME_CLAIMS, claim.key(), "", PatchType.MERGE, patch);
      }
    }
  }

  private void createClaim(StatefulSet set, String name, int ordinal) {
    String pod = Ordinals.pod(set, ordinal);
    for (var template : set.spec().volumeClaimTemplates()) {
      if (!Ordinals.claim(set, StatefulPods.templateName(template), ordinal).equals(name)) {
        continue;
      }
      try {
        api.create(
            Resources.PERSISTENT_VOLUME_CLAIMS,
            set.metadata().namespace(),
            StatefulPods.claim(set, template, name));
        tell(
            set,
            "SuccessfulCreate",
            "create Claim %s Pod %s in StatefulSet %s success"
                .formatted(name, pod, set.metadata().name()));
      } catch (ApiException e) {
        if (e.alreadyExists()) {
          return;
        }
        events.warning(
            Resources.STATEFUL_SETS,
            set,
            "FailedCreate",
            "create Claim %s for Pod %s in StatefulSet %s failed error: %s"
                .formatted(name, pod, set.metadata().name(), e.getMessage()));
        throw e;
      }
    }
  }

  private void create(StatefulSet set, int ordinal, ControllerRevision revision) {
    String name = Ordinals.pod(set, ordinal);
    String namespace = set.metadata().namespace();
    try {
      api.create(Resources.PODS, namespace, StatefulPods.pod(set, ordinal, revision));
      tell(
          set,
          "SuccessfulCreate",
          "create Pod %s in StatefulSet %s successful".formatted(name, set.metadata().name()));
    } catch (ApiException e) {
      if (e.failure().namespaceTerminating()
          || (e.alreadyExists() && ours(set, new ObjectKey(namespace, name)))) {
        return;
      }
      events.warning(
          Resources.STATEFUL_SETS,
          set,
          "FailedCreate",
          "create Pod %s in StatefulSet %s failed error: %s"
              .formatted(name, set.metadata().name(), e.getMessage()));
      throw e;
    }
  }

  /** The cache does not show it yet; whatever its state, it is the one pod of its number. */
  private boolean ours(StatefulSet set, ObjectKey pod) {
    return api.find(Resources.PODS, pod)
        .filter(found -> found.metadata().controlledBy(set.uid()))
        .isPresent();
  }

  private void delete(StatefulSet set, Pod pod, Action.Cause cause) {
    switch (cause) {
      case UNWANTED -> {}
      case FAILED ->
          events.warning(
              Resources.STATEFUL_SETS,
              set,
              "RecreatingFailedPod",
              "StatefulSet %s is recreating failed Pod %s"
                  .formatted(set.key(), pod.metadata().name()));
      case SUCCEEDED ->
          tell(
              set,
              "RecreatingTerminatedPod",
              "StatefulSet %s is recreating terminated Pod %s"
                  .formatted(set.key(), pod.metadata().name()));
    }
    try {
      api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
      tell(
          set,
          "SuccessfulDelete",
          "delete Pod %s in StatefulSet %s successful"
              .formatted(pod.metadata().name(), set.metadata().name()));
    } catch (ApiException e) {
      if (e.notFound() || e.conflict()) {
        return;
      }
      events.warning(
          Resources.STATEFUL_SETS,
          set,
          "FailedDelete",
          "delete Pod %s in StatefulSet %s failed error: %s"
              .formatted(pod.metadata().name(), set.metadata().name(), e.getMessage()));
      throw e;
    }
  }

  private void tell(StatefulSet set, String reason, String message) {
    events.normal(Resources.STATEFUL_SETS, set, reason, message);
  }

  private Result report(
      StatefulSetPlan.View view, RevisionKeeper.History history, @Nullable ApiException failure) {
    StatefulSet set = view.set();
    StatefulSet.Status status = StatefulSetStatuses.of(view, history.collisions());
    if (!status.equals(set.status()) && !write(set, status)) {
      return Result.DONE;
    }
    if (failure != null) {
      throw failure;
    }
    trim(view, history, status);
    return StatefulSetStatuses.recheck(view).map(Result::after).orElse(Result.DONE);
  }

  /** Forgets old revisions that neither a pod nor the status has any more. */
  private void trim(
      StatefulSetPlan.View view, RevisionKeeper.History history, StatefulSet.Status status) {
    Set<String> live =
        Stream.concat(
                Stream.of(status.currentRevision(), status.updateRevision()),
                view.pods().stream()
                    .flatMap(pod ->
                        Stream.ofNullable(pod.metadata().labels().get(StatefulPods.REVISION))))
            .collect(Collectors.toSet());
    List<ControllerRevision> dead =
        history.all().stream().filter(one -> !live.contains(one.metadata().name())).toList();
    Integer limit = view.set().spec().revisionHistoryLimit();
    revisions.forget(RevisionPlan.surplus(dead, _ -> false, limit == null ? 10 : limit));
  }

  /** Writes the status; false when the set is gone. The first one is written whole. */
  private boolean write(StatefulSet set, StatefulSet.Status status) {
    Object before = set.status().observedGeneration() == 0 ? Map.of() : set.status();
    try {
      api.patch(
          Resources.STATEFUL_SETS,
          set.key(),
          "status",
          PatchType.MERGE,
          Patches.status(set, before, status));
      return true;
    } catch (ApiException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }
}
