package minik8s.controller.daemonset;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.ControllerRevision;
import minik8s.api.DaemonSet;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
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
import minik8s.controller.pods.Unseen;
import minik8s.controller.revision.RevisionKeeper;
import minik8s.controller.revision.RevisionPlan;
import org.jspecify.annotations.Nullable;

/**
 * Gives every node that fits its pod, and rolls new templates out. Thread-safe; the queue gives one
 * set to one worker at a time.
 *
 * <p>Never makes a second pod for a node: names follow from set, node and revision, and what the
 * cache does not show yet is remembered ({@link Unseen}).
 */
public final class DaemonSetReconciler implements Reconciler {
  /** Rounds of looking for other names when names turn out to be taken. */
  private static final int MAX_ROUNDS = 5;

  private final Api api;
  private final Lister<DaemonSet> sets;
  private final Lister<Node> nodes;
  private final Lister<Pod> pods;
  private final Claimant<DaemonSet, Pod> claimant;
  private final RevisionKeeper<DaemonSet> revisions;
  private final EventRecorder events;
  private final Timers timers;
  private final Unseen unseen;
  private final PodControl control;
  private final FailedPods failed = new FailedPods();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  public DaemonSetReconciler(
      Api api,
      Lister<DaemonSet> sets,
      Lister<Node> nodes,
      Lister<Pod> pods,
      Index<Pod> podsByOwner,
      Lister<ControllerRevision> revisions,
      Index<ControllerRevision> revisionsByOwner,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.sets = sets;
    this.nodes = nodes;
    this.pods = pods;
    this.claimant = new Claimant<>(api, Resources.DAEMON_SETS, Resources.PODS, pods, podsByOwner);
    this.revisions =
        new RevisionKeeper<>(
            api, Resources.DAEMON_SETS, revisions, revisionsByOwner, DaemonPods.HASH);
    this.events = events;
    this.timers = timers;
    this.unseen = new Unseen(timers.clock());
    this.control = new PodControl(api, Resources.DAEMON_SETS, events, unseen);
  }

  Unseen unseen() {
    return unseen;
  }

  /** The set with this uid is gone. */
  void forget(String setUid) {
    unseen.forget(setUid);
    failed.forget(setUid);
    failing.remove(setUid);
  }

  @Override
  public Result reconcile(ObjectKey key) throws InterruptedException {
    Optional<DaemonSet> found = sets.get(key);
    if (found.isEmpty() || found.get().metadata().deleting()) {
      return Result.DONE;
    }
    DaemonSet set = found.get();
    if (set.spec().selector().selectsAll()) {
      events.warning(
          Resources.DAEMON_SETS,
          set,
          "SelectingAll",
          "This daemon set is selecting all pods. A non-empty selector is required.");
      return Result.DONE;
    }
    control.dispelDoubts(set, DaemonPods::podOf);
    RevisionKeeper.History history =
        revisions.keep(
            set, set.spec().selector(), set.spec().template(), set.status().collisionCount());
    return manage(set, history);
  }

  private Result manage(DaemonSet set, RevisionKeeper.History history) throws InterruptedException {
    Set<String> taken = ConcurrentHashMap.newKeySet();
    String hash = hash(history.present());
    for (int round = 0; ; round++) {
      DaemonSetPlan.View view = view(set, hash, taken);
      int before = taken.size();
      ApiException failure =
          Burst.run(
              DaemonSetPlan.next(view),
              failing.contains(set.uid()),
              action -> perform(set, hash, action, taken));
      if (failure != null) {
        failing.add(set.uid());
        return report(view, history, failure);
      }
      failing.remove(set.uid());
      if (taken.size() == before || round == MAX_ROUNDS) {
        trim(view, history);
        return report(view, history, null);
      }
    }
  }

  private static String hash(ControllerRevision revision) {
    return revision.metadata().labels().getOrDefault(DaemonPods.HASH, "");
  }

  private DaemonSetPlan.View view(DaemonSet set, String hash, Set<String> taken) {
    // Notes before cache: a note that is settled in between is then visible in the cache.
    Unseen.Snapshot notes = unseen.snapshot(set.uid());
    Map<String, List<Pod>> byNode = new HashMap<>();
    for (Pod pod : claimant.claim(set, set.spec().selector())) {
      String node = DaemonPods.node(pod);
      // An adopted pod may belong to no node yet; it counts once the scheduler has chosen one.
      if (!node.isEmpty() && !(pod.finished() && pod.metadata().deleting())) {
        byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(pod);
      }
    }
    Instant now = timers.clock().instant();
    Set<String> reserved = new HashSet<>(taken);
    notes.created().forEach(note -> reserved.add(DaemonPods.podOf(note)));
    String namespace = set.metadata().namespace();
    return new DaemonSetPlan.View(
        set,
        hash,
        nodes.all().stream().filter(node -> !node.metadata().deleting()).toList(),
        byNode,
        notes.deleted(),
        notes.created().stream().map(DaemonPods::nodeOf).collect(Collectors.toSet()),
        byNode.keySet().stream()
            .filter(node -> failed.left(set.uid(), node, now).isPositive())
            .collect(Collectors.toSet()),
        name -> reserved.contains(name) || pods.get(new ObjectKey(namespace, name)).isPresent(),
        now);
  }

  private void perform(DaemonSet set, String hash, Action action, Set<String> taken) {
    switch (action) {
      case Action.Create(String name, String node) -> {
        if (!control.create(
            set, DaemonPods.document(set, name, node, hash), DaemonPods.note(node, name))) {
          taken.add(name);
        }
      }
      case Action.Delete(Pod pod, Action.Cause cause) -> {
        tell(set, pod, cause);
        control.delete(set, pod);
      }
    }
  }

  private void tell(DaemonSet set, Pod pod, Action.Cause cause) {
    String node = DaemonPods.node(pod);
    switch (cause) {
      case UNWANTED -> {}
      case FAILED -> {
        failed.removed(set.uid(), node, timers.clock().instant());
        events.warning(
            Resources.DAEMON_SETS,
            set,
            "FailedDaemonPod",
            "Found failed daemon pod %s on node %s, will try to kill it"
                .formatted(pod.key(), node));
      }
      case SUCCEEDED ->
          events.normal(
              Resources.DAEMON_SETS,
              set,
              "SucceededDaemonPod",
              "Found succeeded daemon pod %s on node %s, will try to delete it"
                  .formatted(pod.key(), node));
    }
  }

  /** Forgets old revisions that no pod has any more. */
  private void trim(DaemonSetPlan.View view, RevisionKeeper.History history) {
    Set<String> live =
        view.pods().values().stream()
            .flatMap(List::stream)
            .flatMap(pod -> Stream.ofNullable(pod.metadata().labels().get(DaemonPods.HASH)))
            .collect(Collectors.toSet());
    Integer limit = view.set().spec().revisionHistoryLimit();
    revisions.forget(
        RevisionPlan.surplus(
            history.old(), revision -> live.contains(hash(revision)), limit == null ? 10 : limit));
  }

  private Result report(
      DaemonSetPlan.View view, RevisionKeeper.History history, @Nullable ApiException failure) {
    DaemonSet set = view.set();
    DaemonSet.Status status = DaemonSetStatuses.of(view, history.collisions());
    if (!status.equals(set.status()) && !write(set, status)) {
      return Result.DONE;
    }
    if (failure != null) {
      throw failure;
    }
    Stream<Duration> rests =
        view.resting().stream().map(node -> failed.left(set.uid(), node, view.now()));
    Stream<Duration> doubts = unseen.waiting(set.uid()) ? Stream.of(Unseen.DOUBT) : Stream.of();
    return Stream.of(rests, doubts, DaemonSetStatuses.recheck(view).stream())
        .flatMap(waits -> waits)
        .min(Duration::compareTo)
        .map(wait -> Result.after(wait.plus(1, ChronoUnit.MILLIS)))
        .orElse(Result.DONE);
  }

  /** Writes the status; false when the set is gone. The first one is written whole. */
  private boolean write(DaemonSet set, DaemonSet.Status status) {
    Object before = set.status().observedGeneration() == 0 ? Map.of() : set.status();
    try {
      api.patch(
          Resources.DAEMON_SETS,
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
