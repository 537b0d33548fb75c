package minik8s.controller.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Job;
import minik8s.api.Pod;

/**
 * What a job's pods amount to at one moment. Immutable. Pure.
 *
 * <p>Each pod is counted once: it bears a finalizer until its uid stands in the status as ended but
 * uncounted; without the finalizer it moves into the counters; without both it is history.
 *
 * @param active pods that run or will
 * @param uncounted ended pods to be noted in the status next
 * @param succeeded successes, counted or not
 * @param failed failures, counted or not
 * @param countedSucceeded the counters that the status may have next
 * @param countedFailed likewise
 * @param releasable pods whose finalizer may go once the status with {@code uncounted} and the
 *     indexes is written
 * @param failures how often each index has failed, of those whose failed pods are still there
 */
record Tally(
    List<Pod> active,
    int terminating,
    Job.Uncounted uncounted,
    int succeeded,
    int failed,
    int countedSucceeded,
    int countedFailed,
    IndexSet succeededIndexes,
    IndexSet failedIndexes,
    List<Pod> releasable,
    Map<Integer, Integer> failures) {
  /** The most uids that the status holds at once. */
  private static final int MAX_UNCOUNTED = 500;

  Tally {
    active = List.copyOf(active);
    releasable = List.copyOf(releasable);
    failures = Map.copyOf(failures);
  }

  static Tally of(Job job, List<Pod> pods) {
    Counting counting = new Counting(job);
    counting.settled(pods);
    pods.forEach(counting::add);
    return counting.tally();
  }

  int ready() {
    return (int) active.stream().filter(Pod::ready).count();
  }

  /** Whether every pod that ended is part of the counters. */
  boolean settled() {
    return uncounted.succeeded().isEmpty() && uncounted.failed().isEmpty() && releasable.isEmpty();
  }

  private static final class Counting {
    private final Job job;
    private final boolean indexed;
    private final int limit;
    private final List<Pod> active = new ArrayList<>();
    private final List<Pod> releasable = new ArrayList<>();
    private final List<String> succeededUids = new ArrayList<>();
    private final List<String> failedUids = new ArrayList<>();
    private final Map<Integer, Integer> failures = new HashMap<>();
    private int terminating;
    private int countedSucceeded;
    private int countedFailed;
    private int unnotedSucceeded;
    private int unnotedFailed;
    private IndexSet succeededIndexes;
    private IndexSet failedIndexes;

    Counting(Job job) {
      this.job = job;
      this.indexed = job.spec().indexed();
      Integer completions = job.spec().completions();
      this.limit = completions == null ? 0 : completions;
      this.countedSucceeded = job.status().succeeded();
      this.countedFailed = job.status().failed();
      this.succeededIndexes = IndexSet.parse(job.status().completedIndexes(), limit);
      String failed = job.status().failedIndexes();
      this.failedIndexes = failed == null ? IndexSet.EMPTY : IndexSet.parse(failed, limit);
    }

    /** What was noted and has no finalizer any more moves into the counters. */
    void settled(List<Pod> pods) {
      Set<String> tracked = new HashSet<>();
      pods.stream().filter(JobPods::tracked).forEach(pod -> tracked.add(pod.uid()));
      for (String uid : job.status().uncounted().succeeded()) {
        if (tracked.contains(uid)) {
          succeededUids.add(uid);
        } else {
          countedSucceeded++;
        }
      }
      for (String uid : job.status().uncounted().failed()) {
        if (tracked.contains(uid)) {
          failedUids.add(uid);
        } else {
          countedFailed++;
        }
      }
    }

    void add(Pod pod) {
      if (pod.active()) {
        active.add(pod);
        return;
      }
      terminating += JobPods.terminating(pod) ? 1 : 0;
      if (JobPods.succeeded(pod)) {
        succeeded(pod);
      } else if (JobPods.failed(job, pod)) {
        failed(pod);
      }
    }

    private void succeeded(Pod pod) {
      boolean tracked = JobPods.tracked(pod);
      if (indexed) {
        int index = JobPods.index(pod);
        if (index >= 0 && index < limit) {
          succeededIndexes = succeededIndexes.with(index);
        }
        if (tracked) {
          releasable.add(pod);
        }
      } else if (tracked) {
        note(pod, true);
      }
    }

    private void failed(Pod pod) {
      FailurePolicy.Meaning meaning = FailurePolicy.of(job, pod);
      int index = JobPods.index(pod);
      if (indexed && index >= 0 && index < limit) {
        failedIndex(pod, index, meaning);
      }
      if (!JobPods.tracked(pod)) {
        return;
      }
      if (meaning.counts()) {
        note(pod, false);
      } else {
        releasable.add(pod);
      }
    }

    private void failedIndex(Pod pod, int index, FailurePolicy.Meaning meaning) {
      Integer borne = job.spec().backoffLimitPerIndex();
      if (borne == null) {
        return;
      }
      int count = JobPods.failuresBefore(pod) + (meaning.counts() ? 1 : 0);
      failures.merge(index, count, Math::max);
      if ((meaning.failsIndex() || count > borne) && !succeededIndexes.has(index)) {
        failedIndexes = failedIndexes.with(index);
      }
    }

    /** What the status has no room for waits for the next step, but counts already. */
    private void note(Pod pod, boolean well) {
      List<String> uids = well ? succeededUids : failedUids;
      boolean noted = uids.contains(pod.uid());
      if (!noted && succeededUids.size() + failedUids.size() >= MAX_UNCOUNTED) {
        unnotedSucceeded += well ? 1 : 0;
        unnotedFailed += well ? 0 : 1;
        return;
      }
      if (!noted) {
        uids.add(pod.uid());
      }
      releasable.add(pod);
    }

    Tally tally() {
      if (indexed) {
        countedSucceeded = succeededIndexes.size();
      }
      int succeeded = countedSucceeded + succeededUids.size() + unnotedSucceeded;
      int failed = countedFailed + failedUids.size() + unnotedFailed;
      return new Tally(
          active,
          terminating,
          new Job.Uncounted(succeededUids, failedUids),
          succeeded,
          failed,
          countedSucceeded,
          countedFailed,
          succeededIndexes,
          failedIndexes,
          releasable,
          failures);
    }
  }
}
