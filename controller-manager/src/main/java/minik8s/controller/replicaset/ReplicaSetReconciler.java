package minik8s.controller.replicaset;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.controller.owner.Claimant;
import minik8s.controller.patch.Patches;
import minik8s.controller.pods.Burst;
import minik8s.controller.pods.PodControl;
import minik8s.controller.pods.PodDocuments;
import minik8s.controller.pods.SlotNames;
import minik8s.controller.pods.Unseen;
import minik8s.controller.status.StatusPace;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Creates and deletes pods until a set has the number it wants. Thread-safe; the queue gives one
 * set to one worker at a time.
 *
 * <p>Never over-creates: names are slots ({@link SlotNames}), and what the cache does not show yet
 * is remembered ({@link Unseen}).
 */
public final class ReplicaSetReconciler implements Reconciler {
  /** Rounds of looking for other slots when slots turn out to be taken. */
  private static final int MAX_ROUNDS = 5;

  private final Api api;
  private final SetSource sets;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByOwner;
  private final Claimant<ReplicaSet, Pod> claimant;
  private final Timers timers;
  private final Unseen unseen;
  private final StatusPace pace;
  private final PodControl control;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  public ReplicaSetReconciler(
      Api api,
      Lister<ReplicaSet> sets,
      Index<ReplicaSet> setsByOwner,
      Lister<Pod> pods,
      Index<Pod> podsByOwner,
      EventRecorder events,
      Timers timers) {
    this(api, SetSource.replicaSets(sets, setsByOwner), pods, podsByOwner, events, timers);
  }

  /** Keeps the sets of any source. */
  public ReplicaSetReconciler(
      Api api,
      SetSource sets,
      Lister<Pod> pods,
      Index<Pod> podsByOwner,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.sets = sets;
    this.pods = pods;
    this.podsByOwner = podsByOwner;
    this.claimant = new Claimant<>(api, sets.kind(), Resources.PODS, pods, podsByOwner);
    this.timers = timers;
    this.unseen = new Unseen(timers.clock());
    this.pace = new StatusPace(timers.clock());
    this.control = new PodControl(api, sets.kind(), events, unseen);
  }

  Unseen unseen() {
    return unseen;
  }

  @Override
  public Result reconcile(ObjectKey key) throws InterruptedException {
    Optional<ReplicaSet> found = sets.get(key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    ReplicaSet set = found.get();
    control.dispelDoubts(set, UnaryOperator.identity());
    return manage(set);
  }

  /** Plans and acts; plans anew around slots that are taken by something the cache hides. */
  private Result manage(ReplicaSet set) throws InterruptedException {
    Set<String> taken = ConcurrentHashMap.newKeySet();
    List<Pod> active = List.of();
    for (int round = 0; round < MAX_ROUNDS; round++) {
      // Notes before cache: a note that is settled in between is then visible in the cache.
      Unseen.Snapshot notes = unseen.snapshot(set.uid());
      active = claimant.claim(set, set.spec().selector()).stream().filter(Pod::active).toList();
      int before = taken.size();
      List<Action> actions = ReplicaSetPlan.next(view(set, active, notes, taken));
      ApiException failure =
          Burst.run(actions, failing.contains(set.uid()), action -> perform(set, action, taken));
      if (failure != null) {
        failing.add(set.uid());
        return report(set, active, failure);
      }
      failing.remove(set.uid());
      if (taken.size() == before) {
        break;
      }
    }
    return report(set, active, null);
  }

  private ReplicaSetPlan.View view(
      ReplicaSet set, List<Pod> shown, Unseen.Snapshot notes, Set<String> taken) {
    List<Pod> active = shown.stream().filter(pod -> !notes.deleted().contains(pod.uid())).toList();
    Set<String> pending = new HashSet<>(notes.created());
    pending.removeIf(name -> pods.get(podKey(set, name)).isPresent());
    Set<String> reserved = new HashSet<>(taken);
    reserved.addAll(pending);
    return new ReplicaSetPlan.View(
        set,
        active,
        related(set, shown),
        pending.size(),
        name -> reserved.contains(name) || pods.get(podKey(set, name)).isPresent());
  }

  private List<Pod> related(ReplicaSet set, List<Pod> own) {
    return set.metadata()
        .controllerRef()
        .map(owner ->
            sets.ofOwner(owner.uid()).stream()
                .flatMap(sibling -> pods.by(podsByOwner, sibling.uid()).stream())
                .toList())
        .orElse(own);
  }

  private void perform(ReplicaSet set, Action action, Set<String> taken) {
    switch (action) {
      case Action.Create(String name) -> {
        JsonNode template = set.spec().template().node();
        if (!control.create(set, PodDocuments.of(sets.kind(), set, template, name), name)) {
          taken.add(name);
        }
      }
      case Action.Delete(Pod pod) -> control.delete(set, pod);
    }
  }

  private Result report(ReplicaSet set, List<Pod> active, @Nullable ApiException failure) {
    Instant now = timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    String error = failure == null ? null : String.valueOf(failure.getMessage());
    ReplicaSet.Status status = ReplicaSetStatuses.of(set, active, error, now);
    Optional<Duration> pause = Optional.empty();
    if (!status.equals(set.status())) {
      pause = failure == null ? pause(set, status) : Optional.empty();
      if (pause.isEmpty() && !write(set, status)) {
        return Result.DONE;
      }
    }
    if (failure != null) {
      throw failure;
    }
    Optional<Duration> doubt =
        unseen.waiting(set.uid()) ? Optional.of(Unseen.DOUBT) : Optional.empty();
    return Stream.of(pause, ReplicaSetStatuses.recheck(set, active, now), doubt)
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .map(Result::after)
        .orElse(Result.DONE);
  }

  /** How long the status shall wait for others that follow; empty when it is to be written now. */
  private Optional<Duration> pause(ReplicaSet set, ReplicaSet.Status status) {
    return ReplicaSetStatuses.canWait(set, status) && !rolling(set)
        ? pace.left(set.uid())
        : Optional.empty();
  }

  /** Whether pods move between this set and another: each that is available is the next step. */
  private boolean rolling(ReplicaSet set) {
    return set.metadata().controllerRef().stream()
        .flatMap(owner -> sets.ofOwner(owner.uid()).stream())
        .filter(other -> !other.uid().equals(set.uid()))
        .anyMatch(other -> other.spec().wanted() > 0 || other.status().replicas() > 0);
  }

  /** Writes the status; false when the set is gone. */
  private boolean write(ReplicaSet set, ReplicaSet.Status status) {
    try {
      api.patch(
          sets.kind(),
          set.key(),
          "status",
          PatchType.MERGE,
          Patches.status(set, set.status(), status));
      pace.wrote(set.uid());
      return true;
    } catch (ApiException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  private static ObjectKey podKey(ReplicaSet set, String name) {
    return new ObjectKey(set.metadata().namespace(), name);
  }
}
