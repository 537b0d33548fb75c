package minik8s.controller.deployment;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import minik8s.api.ApiException;
import minik8s.api.Deployment;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.controller.owner.Claimant;
import minik8s.controller.owner.OwnWrites;
import minik8s.controller.patch.Patches;
import minik8s.controller.pods.Templates;
import minik8s.controller.status.StatusPace;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings replica sets in line with their deployment. Thread-safe; the queue gives one deployment to
 * one worker at a time.
 *
 * <p>Safe on a stale cache: sets have names that follow from the template, and every change of a
 * set or of the status succeeds only on the revision that was seen.
 */
public final class DeploymentReconciler implements Reconciler {
  /** Planning ends after few steps; more means that two steps undo each other. */
  private static final int MAX_STEPS = 10;

  private final Api api;
  private final Lister<Deployment> deployments;
  private final Claimant<Deployment, ReplicaSet> claimant;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByOwner;
  private final EventRecorder events;
  private final Timers timers;
  private final OwnWrites<ReplicaSet> written;
  private final StatusPace pace;

  public DeploymentReconciler(
      Api api,
      Lister<Deployment> deployments,
      Lister<ReplicaSet> sets,
      Index<ReplicaSet> setsByOwner,
      Lister<Pod> pods,
      Index<Pod> podsByOwner,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.deployments = deployments;
    this.claimant =
        new Claimant<>(api, Resources.DEPLOYMENTS, Resources.REPLICA_SETS, sets, setsByOwner);
    this.pods = pods;
    this.podsByOwner = podsByOwner;
    this.events = events;
    this.timers = timers;
    this.written = new OwnWrites<>(timers.clock());
    this.pace = new StatusPace(timers.clock());
  }

  OwnWrites<ReplicaSet> written() {
    return written;
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Deployment> found = deployments.get(key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    Deployment deployment = found.get();
    if (deployment.spec().selector().selectsAll()) {
      events.warning(
          Resources.DEPLOYMENTS,
          deployment,
          "SelectingAll",
          "This deployment is selecting all pods. A non-empty selector is required.");
      return Result.DONE;
    }
    dispelDoubts(deployment);
    List<ReplicaSet> unseen = written.unseen(deployment.uid());
    List<ReplicaSet> sets =
        OwnWrites.overlay(claimant.claim(deployment, deployment.spec().selector()), unseen);
    Rollout rollout = Rollout.of(deployment, sets, populated(deployment, sets));
    ApiException failure = null;
    try {
      for (int step = 0; step < MAX_STEPS && !stuck(rollout); step++) {
        List<Action> actions = DeploymentPlan.next(rollout);
        if (actions.isEmpty()) {
          break;
        }
        for (Action action : actions) {
          rollout = perform(rollout, action);
        }
      }
    } catch (SetCreationFailed e) {
      failure = e.failure;
      rollout = rollout.with(e.news());
    }
    return report(rollout, failure);
  }

  /** A set may have come and gone between two lists, so that no watch event ever tells. */
  private void dispelDoubts(Deployment deployment) {
    for (ReplicaSet set : written.doubtful(deployment.uid())) {
      Optional<ReplicaSet> live = api.find(Resources.REPLICA_SETS, set.key());
      if (live.isEmpty() || !live.get().uid().equals(set.uid())) {
        written.gone(set.uid());
      }
    }
  }

  private static boolean stuck(Rollout rollout) {
    return rollout.news() instanceof Rollout.News.Collision;
  }

  private Set<String> populated(Deployment deployment, List<ReplicaSet> sets) {
    if (!Rollout.recreates(deployment)) {
      return Set.of();
    }
    return sets.stream()
        .map(ReplicaSet::uid)
        .filter(uid -> pods.by(podsByOwner, uid).stream().anyMatch(pod -> !pod.finished()))
        .collect(Collectors.toSet());
  }

  private Rollout perform(Rollout rollout, Action action) throws SetCreationFailed {
    return switch (action) {
      case Action.CreateSet create -> create(rollout, create);
      case Action.MarkSet(ReplicaSet set, Map<String, String> annotations, int minReady) -> {
        ObjectNode patch = Patches.annotate(Patches.guarded(set), annotations);
        patch.putObject("spec").put("minReadySeconds", minReady);
        yield rollout.with(patch(rollout.deployment(), set, patch));
      }
      case Action.ScaleSet scale -> rollout.with(scale(rollout.deployment(), scale));
      case Action.DeleteSet(ReplicaSet set) -> {
        delete(set);
        yield rollout.without(set);
      }
      case Action.SetRevision(long revision) -> {
        Deployment seen = rollout.deployment();
        ObjectNode patch =
            Patches.annotate(
                Patches.guarded(seen), Map.of(Marks.REVISION, Long.toString(revision)));
        yield rollout.with(
            api.patch(Resources.DEPLOYMENTS, seen.key(), "", PatchType.MERGE, patch));
      }
    };
  }

  private ReplicaSet patch(Deployment deployment, ReplicaSet set, ObjectNode patch) {
    ReplicaSet patched = api.patch(Resources.REPLICA_SETS, set.key(), "", PatchType.MERGE, patch);
    written.wrote(deployment.uid(), patched);
    return patched;
  }

  private ReplicaSet scale(Deployment deployment, Action.ScaleSet scale) {
    ReplicaSet set = scale.set();
    int from = set.spec().wanted();
    ObjectNode patch = Patches.annotate(Patches.guarded(set), scale.annotations());
    if (from != scale.to()) {
      patch.putObject("spec").put("replicas", scale.to());
    }
    ReplicaSet scaled = patch(deployment, set, patch);
    if (from != scale.to()) {
      tellScaled(deployment, set.metadata().name(), from, scale.to());
    }
    return scaled;
  }

  private void tellScaled(Deployment deployment, String set, int from, int to) {
    events.normal(
        Resources.DEPLOYMENTS,
        deployment,
        "ScalingReplicaSet",
        "Scaled %s replica set %s to %d from %d"
            .formatted(from < to ? "up" : "down", set, to, from));
  }

  private void delete(ReplicaSet set) {
    try {
      api.delete(Resources.REPLICA_SETS, set.key(), DeleteOptions.ofUid(set.uid()));
      written.gone(set.uid());
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private Rollout create(Rollout rollout, Action.CreateSet create) throws SetCreationFailed {
    Deployment deployment = rollout.deployment();
    try {
      ReplicaSet set =
          api.create(
              Resources.REPLICA_SETS,
              deployment.metadata().namespace(),
              SetDocuments.of(deployment, create));
      written.wrote(deployment.uid(), set);
      if (create.replicas() > 0) {
        tellScaled(deployment, create.name(), 0, create.replicas());
      }
      return rollout.with(set).with(new Rollout.News.Created(create.name()));
    } catch (ApiException e) {
      if (e.alreadyExists()) {
        return existing(rollout, create);
      }
      if (e.failure().namespaceTerminating()) {
        throw new SetCreationFailed(create.name(), e);
      }
      if (!e.is(Failure.Reason.ServiceUnavailable)) {
        events.warning(
            Resources.DEPLOYMENTS,
            deployment,
            "ReplicaSetCreateError",
            "Failed to create new replica set \"%s\": %s".formatted(create.name(), e.getMessage()));
      }
      throw new SetCreationFailed(create.name(), e);
    }
  }

  /** The name is taken: by our own set that the cache does not show yet, or by a collision. */
  private Rollout existing(Rollout rollout, Action.CreateSet create) {
    Deployment deployment = rollout.deployment();
    ObjectKey key = new ObjectKey(deployment.metadata().namespace(), create.name());
    Optional<ReplicaSet> live = api.find(Resources.REPLICA_SETS, key);
    if (live.isEmpty()) {
      throw Failure.conflict("apps", "replicasets", create.name(), "it vanished; looking again")
          .asException();
    }
    boolean ours =
        live.get().metadata().controlledBy(deployment.uid())
            && Templates.same(live.get().spec().template(), deployment.spec().template());
    return ours ? rollout.with(live.get()) : rollout.with(new Rollout.News.Collision());
  }

  private Result report(Rollout rollout, @Nullable ApiException failure) {
    Instant now = timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    Deployment deployment = rollout.deployment();
    Deployment.Status status = DeploymentStatuses.of(rollout, now);
    Optional<Duration> pause = Optional.empty();
    if (!status.equals(deployment.status())) {
      pause = failure == null ? pause(rollout, status) : Optional.empty();
      if (pause.isEmpty() && !write(deployment, status)) {
        return Result.DONE;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return pause
        .or(() -> DeploymentStatuses.recheck(rollout, status, now))
        .map(Result::after)
        .orElse(Result.DONE);
  }

  /** How long the status shall wait for others that follow; empty when it is to be written now. */
  private Optional<Duration> pause(Rollout rollout, Deployment.Status status) {
    return DeploymentStatuses.canWait(rollout, status)
        ? pace.left(rollout.deployment().uid())
        : Optional.empty();
  }

  /** Writes the status; false when the deployment is gone. */
  private boolean write(Deployment deployment, Deployment.Status status) {
    try {
      api.patch(
          Resources.DEPLOYMENTS,
          deployment.key(),
          "status",
          PatchType.MERGE,
          Patches.status(deployment, deployment.status(), status));
      pace.wrote(deployment.uid());
      return true;
    } catch (ApiException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  /** Carries a refused creation to where the status is written. */
  private static final class SetCreationFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final String set;
    private final transient ApiException failure;

    SetCreationFailed(String set, ApiException failure) {
      super(failure);
      this.set = set;
      this.failure = failure;
    }

    Rollout.News news() {
      return new Rollout.News.CreationFailed(set, String.valueOf(failure.getMessage()));
    }
  }
}
