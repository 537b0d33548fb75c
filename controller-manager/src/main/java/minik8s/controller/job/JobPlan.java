package minik8s.controller.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import minik8s.api.Job;
import minik8s.api.Pod;
import minik8s.controller.pods.DeletionOrder;
import minik8s.controller.pods.SlotNames;

/** Decides which pods a job needs and which go. Pure. Source: Kubernetes' {@code manageJob}. */
final class JobPlan {
  /** The most that one step does. */
  private static final int BURST = 500;

  /**
   * The job's world as far as the step knows it.
   *
   * @param pods all pods of the job
   * @param going uids of pods whose deletion was asked but is not shown yet
   * @param pending indexes of pods that were created and are not shown yet; -1 without indexes
   * @param taken names that some object holds or that are pending
   */
  record View(
      Job job,
      List<Pod> pods,
      Set<String> going,
      List<Integer> pending,
      Predicate<String> taken,
      Instant now) {
    Tally tally() {
      return Tally.of(job, pods);
    }

    Verdict verdict(Tally tally) {
      return Verdict.of(job, pods, tally, pending.size(), now);
    }
  }

  /**
   * What to do.
   *
   * @param again when a pod may be made that had to wait; {@link Instant#MAX} for none
   */
  record Step(List<Action> actions, Instant again) {
    static final Step NOTHING = new Step(List.of(), Instant.MAX);

    Step {
      actions = List.copyOf(actions);
    }
  }

  private final View view;
  private final Job job;
  private final Tally tally;
  private final List<Pod> active;

  private JobPlan(View view, Tally tally) {
    this.view = view;
    this.job = view.job();
    this.tally = tally;
    this.active = tally.active().stream().filter(pod -> !view.going().contains(pod.uid())).toList();
  }

  static Step next(View view, Tally tally, Verdict verdict) {
    JobPlan plan = new JobPlan(view, tally);
    return switch (verdict) {
      case Verdict.Succeeded _, Verdict.Failed _ -> plan.delete(plan.active, false);
      case Verdict.Going _ -> view.job().metadata().deleting() ? Step.NOTHING : plan.manage();
    };
  }

  private Step delete(List<Pod> pods, boolean uncounted) {
    return new Step(
        pods.stream().limit(BURST).map(pod -> (Action) new Action.Delete(pod, uncounted)).toList(),
        Instant.MAX);
  }

  private Step manage() {
    if (job.spec().suspend()) {
      return delete(active, true);
    }
    int running = active.size() + view.pending().size();
    List<Pod> surplus = surplus(Math.max(0, running - wanted(running)));
    if (!surplus.isEmpty()) {
      return delete(surplus, true);
    }
    int leaving = JobPods.waitsForEnds(job) ? tally.terminating() : 0;
    int missing = Math.min(BURST, wanted(running) - leaving - running);
    if (missing <= 0) {
      return Step.NOTHING;
    }
    Pauses pauses = Pauses.of(job, view.pods(), tally);
    if (pauses.job().isAfter(view.now())) {
      return new Step(List.of(), pauses.job());
    }
    return job.spec().indexed() ? createIndexes(missing, pauses) : create(missing);
  }

  /** How many pods shall run. */
  private int wanted(int running) {
    Integer completions = job.spec().completions();
    if (completions == null) {
      return tally.succeeded() > 0 ? Math.min(running, job.spec().width()) : job.spec().width();
    }
    return Math.max(0, Math.min(job.spec().width(), completions - tally.succeeded()));
  }

  /** Second pods of an index and pods of unwanted indexes, then as many as are too many. */
  private List<Pod> surplus(int least) {
    List<Pod> order = DeletionOrder.sorted(active, List.of());
    List<Pod> surplus = new ArrayList<>();
    if (job.spec().indexed()) {
      Set<Integer> seen = new HashSet<>();
      List<Pod> keepFirst = new ArrayList<>(order.reversed());
      for (Pod pod : keepFirst) {
        int index = JobPods.index(pod);
        if (!open(index) || !seen.add(index)) {
          surplus.add(pod);
        }
      }
    }
    order.stream()
        .filter(pod -> !surplus.contains(pod))
        .limit(Math.max(0, least - surplus.size()))
        .toList()
        .forEach(surplus::add);
    return surplus;
  }

  /** Whether an index still has to succeed. */
  private boolean open(int index) {
    Integer completions = job.spec().completions();
    return index >= 0
        && completions != null
        && index < completions
        && !tally.succeededIndexes().has(index)
        && !tally.failedIndexes().has(index);
  }

  private Step create(int count) {
    return new Step(
        SlotNames.free(job.metadata().name(), job.uid(), count, view.taken()).stream()
            .map(name -> (Action) new Action.Create(name, -1, 0))
            .toList(),
        Instant.MAX);
  }

  /** The lowest indexes that are open, have no pod and do not rest after a failure. */
  private Step createIndexes(int count, Pauses pauses) {
    Set<Integer> busy = new HashSet<>(view.pending());
    active.forEach(pod -> busy.add(JobPods.index(pod)));
    if (JobPods.waitsForEnds(job)) {
      view.pods().stream()
          .filter(JobPods::terminating)
          .forEach(pod -> busy.add(JobPods.index(pod)));
    }
    Map<Integer, String> chosen = new HashMap<>();
    List<Action> actions = new ArrayList<>();
    Instant again = Instant.MAX;
    int completions = job.spec().completions() == null ? 0 : job.spec().completions();
    for (int index = 0; index < completions && actions.size() < count; index++) {
      if (!open(index) || busy.contains(index)) {
        continue;
      }
      Instant until = pauses.byIndex().getOrDefault(index, Instant.EPOCH);
      if (until.isAfter(view.now())) {
        again = until.isBefore(again) ? until : again;
        continue;
      }
      String prefix = job.metadata().name() + "-" + index;
      String name =
          SlotNames.free(prefix, job.uid() + "/" + index, 1, view.taken().or(chosen::containsValue))
              .getFirst();
      chosen.put(index, name);
      actions.add(new Action.Create(name, index, tally.failures().getOrDefault(index, 0)));
    }
    return new Step(actions, again);
  }
}
