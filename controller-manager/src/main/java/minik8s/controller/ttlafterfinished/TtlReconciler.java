package minik8s.controller.ttlafterfinished;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Job;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes finished jobs, and with them their pods, when their time is over. Thread-safe. */
public final class TtlReconciler implements Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(TtlReconciler.class);

  private final Api api;
  private final Lister<Job> jobs;
  private final Timers timers;

  public TtlReconciler(Api api, Lister<Job> jobs, Timers timers) {
    this.api = api;
    this.jobs = jobs;
    this.timers = timers;
  }

  /** Registers what wakes it: jobs that may expire. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<Job> jobs) {
    jobs.onChange((_, now) -> {
      if (now != null && TtlPlan.expiry(now).isPresent()) {
        queue.add(now.key());
      }
    });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Job> job = jobs.get(key);
    Optional<Instant> cached = job.flatMap(TtlPlan::expiry);
    if (cached.isEmpty()) {
      return Result.DONE;
    }
    if (left(cached.get()).isPositive()) {
      return Result.after(left(cached.get()));
    }
    // The time to live may have been changed a moment ago.
    Optional<Job> live =
        api.find(Resources.JOBS, key).filter(found -> found.uid().equals(job.get().uid()));
    Optional<Instant> expiry = live.flatMap(TtlPlan::expiry);
    if (expiry.isPresent() && !left(expiry.get()).isPositive()) {
      delete(live.get());
    }
    return Result.DONE;
  }

  private Duration left(Instant expiry) {
    return Duration.between(timers.clock().instant(), expiry);
  }

  private void delete(Job job) {
    LOG.info("deleting job {}, which finished long enough ago", job.key());
    try {
      api.delete(
          Resources.JOBS,
          job.key(),
          new DeleteOptions(null, "Foreground", job.uid(), job.metadata().resourceVersion()));
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
