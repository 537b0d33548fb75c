package minik8s.controller.job;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.Job;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs jobs. Thread-safe; the queue gives one job to one worker at a time.
 *
 * <p>Each end of a pod is counted exactly once, whatever is killed and however stale the cache:
 * first the status notes the uid, then the pod loses its finalizer, then the counter grows ({@link
 * Tally}). A pod that the cache shows as not noted, in a state older than the job's, is asked for
 * at the API server before it is noted.
 */
public final class JobReconciler implements Reconciler {
  private static final int MAX_ROUNDS = 5;
  private static final String OURS = "kubernetes.io/job-controller";

  private final Api api;
  private final Lister<Job> jobs;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByOwner;
  private final Index<Pod> podsByJob;
  private final Claimant<Job, Pod> claimant;
  private final EventRecorder events;
  private final Timers timers;
  private final Unseen unseen;
  private final PodControl control;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  /**
   * @param podsByJob made by {@link JobTriggers#trackedByJob}
   */
  public JobReconciler(
      Api api,
      Lister<Job> jobs,
      Lister<Pod> pods,
      Index<Pod> podsByOwner,
      Index<Pod> podsByJob,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.jobs = jobs;
    this.pods = pods;
    this.podsByOwner = podsByOwner;
    this.podsByJob = podsByJob;
    this.claimant = new Claimant<>(api, Resources.JOBS, Resources.PODS, pods, podsByOwner);
    this.events = events;
    this.timers = timers;
    this.unseen = new Unseen(timers.clock());
    this.control = new PodControl(api, Resources.JOBS, events, unseen);
  }

  Unseen unseen() {
    return unseen;
  }

  @Override
  public Result reconcile(ObjectKey key) throws InterruptedException {
    Optional<Job> found = jobs.get(key);
    releaseStrangers(key, found);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    Job job = found.get();
    String manager = job.spec().managedBy();
    if (job.finished() || (manager != null && !manager.equals(OURS))) {
      return Result.DONE;
    }
    control.dispelDoubts(job, JobReconciler::podOf);
    Optional<Job> current = current(job);
    return current.isPresent() ? manage(current.get()) : Result.DONE;
  }

  /**
   * The job as the cache shows it, unless a pod that ended and was released is newer: then the
   * status that counts the pod may not be shown yet, and the job would seem to lack one.
   */
  private Optional<Job> current(Job job) {
    boolean outrun =
        pods.by(podsByOwner, job.uid()).stream()
            .anyMatch(pod ->
                pod.finished()
                    && !JobPods.tracked(pod)
                    && revision(pod.metadata()) > revision(job.metadata()));
    return outrun
        ? api.find(Resources.JOBS, job.key())
            .filter(live -> live.uid().equals(job.uid()) && !live.finished())
        : Optional.of(job);
  }

  /** Pods whose job is gone or has finished are held for nobody. */
  private void releaseStrangers(ObjectKey key, Optional<Job> job) {
    List<Pod> held = pods.by(podsByJob, key.toString());
    boolean usual = job.filter(found -> !found.finished() && sameOwner(held, found)).isPresent();
    if (held.isEmpty() || usual) {
      return;
    }
    Optional<Job> live = api.find(Resources.JOBS, key).filter(found -> !found.finished());
    for (Pod pod : held) {
      if (live.filter(owner -> pod.metadata().controlledBy(owner.uid())).isEmpty()) {
        release(pod);
      }
    }
  }

  private static boolean sameOwner(List<Pod> pods, Job job) {
    return pods.stream().allMatch(pod -> pod.metadata().controlledBy(job.uid()));
  }

  private Result manage(Job job) throws InterruptedException {
    Set<String> taken = ConcurrentHashMap.newKeySet();
    for (int round = 0; ; round++) {
      JobPlan.View view = view(job, taken);
      Tally tally = view.tally();
      Verdict verdict = view.verdict(tally);
      JobPlan.Step step = JobPlan.next(view, tally, verdict);
      int before = taken.size();
      ApiException failure =
          Burst.run(
              step.actions(), failing.contains(job.uid()), action -> perform(job, action, taken));
      if (failure != null) {
        failing.add(job.uid());
        report(view);
        throw failure;
      }
      failing.remove(job.uid());
      if (taken.size() == before || round == MAX_ROUNDS) {
        Instant again = step.again();
        return report(view) ? wait(view, again) : Result.DONE;
      }
    }
  }

  private JobPlan.View view(Job job, Set<String> taken) {
    // Notes before cache: a note that is settled in between is then visible in the cache.
    Unseen.Snapshot notes = unseen.snapshot(job.uid());
    List<Pod> own =
        claimant.claim(job, job.spec().selector()).stream()
            .flatMap(pod -> trusted(job, pod).stream())
            .toList();
    Set<String> reserved = new HashSet<>(taken);
    notes.created().forEach(note -> reserved.add(podOf(note)));
    String namespace = job.metadata().namespace();
    return new JobPlan.View(
        job,
        own,
        notes.deleted(),
        notes.created().stream().map(JobReconciler::indexOf).toList(),
        name -> reserved.contains(name) || pods.get(new ObjectKey(namespace, name)).isPresent(),
        timers.clock().instant());
  }

  /**
   * The pod as the cache shows it, if that is newer than the job or harmless; else as it is now. A
   * pod that was counted and released must not be counted again because the cache lags.
   */
  private Optional<Pod> trusted(Job job, Pod pod) {
    boolean counts =
        job.spec().indexed()
            ? !JobPods.succeeded(pod)
            : JobPods.succeeded(pod) || JobPods.failed(job, pod);
    boolean doubtful =
        counts
            && JobPods.tracked(pod)
            && !pod.active()
            && !job.status().uncounted().succeeded().contains(pod.uid())
            && !job.status().uncounted().failed().contains(pod.uid())
            && revision(pod.metadata()) < revision(job.metadata());
    return doubtful
        ? api.find(Resources.PODS, pod.key()).filter(live -> live.uid().equals(pod.uid()))
        : Optional.of(pod);
  }

  private static long revision(ObjectMeta meta) {
    try {
      return Long.parseLong(meta.resourceVersion());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String note(int index, String pod) {
    return index + "/" + pod;
  }

  private static String podOf(String note) {
    return note.substring(note.indexOf('/') + 1);
  }

  private static int indexOf(String note) {
    return Integer.parseInt(note.substring(0, note.indexOf('/')));
  }

  /** Under which note the creation of a pod is remembered. */
  static String noteOf(Pod pod) {
    return note(JobPods.index(pod), pod.metadata().name());
  }

  private void perform(Job job, Action action, Set<String> taken) {
    switch (action) {
      case Action.Create(String name, int index, int failures) -> {
        ObjectNode pod = JobPods.document(job, name, index, failures);
        if (!control.createOnce(job, pod, note(index, name))) {
          taken.add(name);
        }
      }
      case Action.Delete(Pod pod, boolean uncounted) -> {
        if (!uncounted || release(pod, Pod::active)) {
          control.delete(job, pod);
        }
      }
    }
  }

  /** Writes the status, releases what it notes, and writes what follows; false for a gone job. */
  private boolean report(JobPlan.View view) throws InterruptedException {
    Optional<Job> noted = write(view.job(), view);
    if (noted.isEmpty()) {
      return false;
    }
    List<Pod> releasable = view.tally().releasable();
    if (releasable.isEmpty()) {
      return true;
    }
    Set<String> released = ConcurrentHashMap.newKeySet();
    ApiException failure =
        Burst.run(
            releasable,
            false,
            pod -> {
              release(pod);
              released.add(pod.uid());
            });
    if (failure != null) {
      throw failure;
    }
    List<Pod> after = new ArrayList<>();
    view.pods().forEach(pod -> after.add(released.contains(pod.uid()) ? untracked(pod) : pod));
    Job job = noted.get();
    JobPlan.View next =
        new JobPlan.View(job, after, view.going(), view.pending(), view.taken(), view.now());
    return write(job, next).isPresent();
  }

  private static Pod untracked(Pod pod) {
    List<String> rest =
        pod.metadata().finalizers().stream()
            .filter(finalizer -> !finalizer.equals(JobPods.FINALIZER))
            .toList();
    return new Pod(pod.metadata().withFinalizers(rest), pod.spec(), pod.status());
  }

  /** The job as it is after its status was brought up to date; empty when it is gone. */
  private Optional<Job> write(Job job, JobPlan.View view) {
    Tally tally = view.tally();
    Instant second = view.now().truncatedTo(ChronoUnit.SECONDS);
    Job.Status status =
        JobStatuses.of(job, tally, view.verdict(tally), view.pending().size(), second);
    if (status.equals(job.status())) {
      return Optional.of(job);
    }
    try {
      Job written =
          api.patch(
              Resources.JOBS,
              job.key(),
              "status",
              PatchType.MERGE,
              Patches.status(job, job.status(), status));
      JobStatuses.news(job.status(), status).ifPresent(news -> tell(job, news));
      return Optional.of(written);
    } catch (ApiException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void tell(Job job, JobStatuses.News news) {
    if (news.warning()) {
      events.warning(Resources.JOBS, job, news.reason(), news.message());
    } else {
      events.normal(Resources.JOBS, job, news.reason(), news.message());
    }
  }

  private void release(Pod pod) {
    release(pod, _ -> true);
  }

  /**
   * Takes our finalizer off a pod; fine when the pod is gone.
   *
   * @param still what must be true of the pod also when it has changed unseen
   * @return false when that is not true any more; the finalizer is then left
   */
  private boolean release(Pod pod, Predicate<Pod> still) {
    Pod seen = pod;
    for (int attempt = 0; JobPods.tracked(seen); attempt++) {
      if (!still.test(seen)) {
        return false;
      }
      ObjectNode patch = Patches.guarded(seen);
      ArrayNode finalizers = patch.withObject("metadata").putArray("finalizers");
      untracked(seen).metadata().finalizers().forEach(finalizers::add);
      try {
        api.patch(Resources.PODS, pod.key(), "", PatchType.MERGE, patch);
        return true;
      } catch (ApiException e) {
        if (e.notFound()) {
          return true;
        }
        if (!e.conflict() || attempt == MAX_ROUNDS) {
          throw e;
        }
        Optional<Pod> live = fresh(pod);
        if (live.isEmpty()) {
          return true;
        }
        seen = live.get();
      }
    }
    return true;
  }

  private Optional<Pod> fresh(Pod pod) {
    return api.find(Resources.PODS, pod.key()).filter(live -> live.uid().equals(pod.uid()));
  }

  private Result wait(JobPlan.View view, Instant again) {
    Instant now = view.now();
    @Nullable Instant deadline = Verdict.deadline(view.job());
    Stream<Duration> moments =
        Stream.of(again, deadline == null ? Instant.MAX : deadline)
            .filter(at -> at.isBefore(Instant.MAX) && at.isAfter(now))
            .map(at -> Duration.between(now, at).plusMillis(1));
    Stream<Duration> doubts =
        unseen.waiting(view.job().uid()) ? Stream.of(Unseen.DOUBT) : Stream.of();
    return Stream.concat(moments, doubts)
        .min(Duration::compareTo)
        .map(Result::after)
        .orElse(Result.DONE);
  }

  /** The job with this uid is gone. */
  void forget(String uid) {
    unseen.forget(uid);
    failing.remove(uid);
  }
}
