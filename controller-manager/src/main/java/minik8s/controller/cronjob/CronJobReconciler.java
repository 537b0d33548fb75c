package minik8s.controller.cronjob;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.api.ApiException;
import minik8s.api.CronJob;
import minik8s.api.Job;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectReference;
import minik8s.api.OwnerReference;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.patch.Patches;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the jobs of cron jobs when they are due. Thread-safe; the queue gives one cron job to one
 * worker at a time. A job's name follows from the time it is for, so that a crash or a stale cache
 * cannot make two.
 */
public final class CronJobReconciler implements Reconciler {
  private final Api api;
  private final Lister<CronJob> crons;
  private final Lister<Job> jobs;
  private final Index<Job> jobsByOwner;
  private final EventRecorder events;
  private final Timers timers;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param jobsByOwner made by {@link minik8s.controller.owner.Owned#index}
   */
  public CronJobReconciler(
      Api api,
      Lister<CronJob> crons,
      Lister<Job> jobs,
      Index<Job> jobsByOwner,
      EventRecorder events,
      Timers timers) {
    this.api = api;
    this.crons = crons;
    this.jobs = jobs;
    this.jobsByOwner = jobsByOwner;
    this.events = events;
    this.timers = timers;
  }

  /** Registers what wakes it: cron jobs, and jobs that they control. */
  public static void wire(WorkQueue<ObjectKey> queue, Informer<CronJob> crons, Informer<Job> jobs) {
    crons.onChange((_, now) -> {
      if (now != null) {
        queue.add(now.key());
      }
    });
    jobs.onChange((old, now) -> {
      wakeOwner(queue, old);
      wakeOwner(queue, now);
    });
  }

  private static void wakeOwner(WorkQueue<ObjectKey> queue, @Nullable Job job) {
    if (job != null) {
      job.metadata()
          .controllerRef()
          .filter(ref -> ref.kind().equals("CronJob"))
          .ifPresent(ref -> queue.add(new ObjectKey(job.metadata().namespace(), ref.name())));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<CronJob> found = crons.get(key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    CronJob cron = found.get();
    Instant now = timers.clock().instant();
    CronJobPlan.Step step =
        CronJobPlan.next(
            new CronJobPlan.View(cron, jobs.by(jobsByOwner, cron.uid()), this::exists, now));
    List<ObjectReference> active = new ArrayList<>(step.active());
    Instant scheduled = cron.status().lastScheduleTime();
    for (Action action : step.actions()) {
      switch (action) {
        case Action.Create(String name, Instant due) -> {
          Optional<Job> job = create(cron, name, due);
          job.filter(made -> !made.finished()).map(CronJobPlan::reference).ifPresent(active::add);
          scheduled = due;
        }
        case Action.Replace(ObjectReference job) ->
            delete(cron, new ObjectKey(job.namespace(), job.name()), job.uid());
        case Action.Prune(Job job) -> delete(cron, job.key(), job.uid());
        case Action.Tell(boolean warning, String reason, String message) ->
            tell(cron, warning, reason, message);
      }
    }
    tellOfStrangers(cron);
    write(cron, new CronJob.Status(active, scheduled, step.lastSuccess().orElse(null)));
    return step.again()
        .map(at -> Result.after(Duration.between(now, at).plus(100, ChronoUnit.MILLIS)))
        .orElse(Result.DONE);
  }

  private boolean exists(ObjectReference job) {
    return api.find(Resources.JOBS, new ObjectKey(job.namespace(), job.name()))
        .filter(live -> live.uid().equals(job.uid()))
        .isPresent();
  }

  private Optional<Job> create(CronJob cron, String name, Instant due) {
    String namespace = cron.metadata().namespace();
    try {
      Job job = api.create(Resources.JOBS, namespace, document(cron, name, due));
      tell(cron, false, "SuccessfulCreate", "Created job " + name);
      return Optional.of(job);
    } catch (ApiException e) {
      if (e.failure().namespaceTerminating()) {
        return Optional.empty();
      }
      Optional<Job> made =
          e.alreadyExists()
              ? api.find(Resources.JOBS, new ObjectKey(namespace, name))
                  .filter(job -> job.metadata().controlledBy(cron.uid()))
              : Optional.empty();
      if (made.isPresent()) {
        return made;
      }
      tell(cron, true, "FailedCreate", "Error creating job: " + e.getMessage());
      throw e;
    }
  }

  private static ObjectNode document(CronJob cron, String name, Instant due) {
    JsonNode template = cron.spec().jobTemplate().node();
    ObjectNode job = Json.object().put("apiVersion", "batch/v1").put("kind", "Job");
    ObjectNode meta = job.putObject("metadata").put("name", name);
    meta.put("namespace", cron.metadata().namespace());
    for (String field : new String[] {"labels", "annotations"}) {
      JsonNode value = template.path("metadata").path(field);
      if (!value.isMissingNode()) {
        meta.set(field, value.deepCopy());
      }
    }
    meta.withObject("annotations")
        .put(
            CronJobPlan.DUE,
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(CronJobPlan.zone(cron))));
    meta.putArray("ownerReferences")
        .add(Json.tree(OwnerReference.controller(Resources.CRON_JOBS, cron)));
    job.set("spec", template.path("spec").deepCopy());
    return job;
  }

  private void delete(CronJob cron, ObjectKey job, String uid) {
    try {
      api.delete(Resources.JOBS, job, DeleteOptions.ofUid(uid));
      tell(cron, false, "SuccessfulDelete", "Deleted job " + job.name());
    } catch (ApiException e) {
      if (e.notFound() || e.conflict()) {
        return;
      }
      tell(cron, true, "FailedDelete", "Deleted job: " + e.getMessage());
      throw e;
    }
  }

  /** Jobs that somebody else made in the cron job's name, each told of once. */
  private void tellOfStrangers(CronJob cron) {
    for (Job job : jobs.by(jobsByOwner, cron.uid())) {
      if (!job.finished()
          && !job.metadata().annotations().containsKey(CronJobPlan.DUE)
          && told.add(job.uid())) {
        tell(
            cron,
            true,
            "UnexpectedJob",
            "Saw a job that the controller did not create or forgot: " + job.metadata().name());
      }
    }
  }

  private void tell(CronJob cron, boolean warning, String reason, String message) {
    if (warning) {
      events.warning(Resources.CRON_JOBS, cron, reason, message);
    } else {
      events.normal(Resources.CRON_JOBS, cron, reason, message);
    }
  }

  private void write(CronJob cron, CronJob.Status status) {
    if (status.equals(cron.status())) {
      return;
    }
    try {
      api.patch(
          Resources.CRON_JOBS,
          cron.key(),
          "status",
          PatchType.MERGE,
          Patches.status(cron, cron.status(), status));
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
