package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import minik8s.api.ApiException;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuResources;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what becomes of jobs: statuses, finalizers, events and counts. Thread-safe. */
final class JobWriter {
  private final Api api;
  private final EventRecorder events;
  private final JobMetrics metrics;
  private final Timers timers;

  JobWriter(Api api, EventRecorder events, JobMetrics metrics, Timers timers) {
    this.api = api;
    this.events = events;
    this.metrics = metrics;
    this.timers = timers;
  }

  /** The time as statuses hold it. */
  Instant now() {
    return timers.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Puts the finalizer on the object. */
  GpuJob hold(GpuJob job) {
    ObjectNode patch = StatusPatches.guarded(job);
    ArrayNode list = patch.withObject("metadata").putArray("finalizers");
    job.metadata().finalizers().forEach(list::add);
    list.add(GpuJob.FINALIZER);
    return api.patch(GpuResources.GPU_JOBS, job.key(), "", PatchType.MERGE, patch);
  }

  /** Lets a deleted object go. */
  void release(GpuJob job) {
    ObjectNode patch = StatusPatches.guarded(job);
    ArrayNode list = patch.withObject("metadata").putArray("finalizers");
    job.metadata().finalizers().stream()
        .filter(name -> !name.equals(GpuJob.FINALIZER))
        .forEach(list::add);
    try {
      api.patch(GpuResources.GPU_JOBS, job.key(), "", PatchType.MERGE, patch);
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /** Deletes an object whose time is over. */
  void expire(GpuJob job) {
    events.normal(GpuResources.GPU_JOBS, job, "Expired", "ttlSecondsAfterFinished is over");
    api.delete(GpuResources.GPU_JOBS, job.key(), DeleteOptions.ofUid(job.uid()));
  }

  /** Writes the status, where it differs; answers the job as it is then. */
  GpuJob write(GpuJob job, GpuJob.Status status) {
    if (status.equals(job.status())) {
      return job;
    }
    GpuJob written =
        api.patch(
            GpuResources.GPU_JOBS,
            job.key(),
            "status",
            PatchType.MERGE,
            StatusPatches.between(job, job.status(), status));
    if (status.current().terminal() && !job.status().current().terminal()) {
      metrics.ended(status.current().name(), status.reason());
    }
    Instant submitted = status.submitTime();
    Instant started = status.startTime();
    if (job.status().startTime() == null && submitted != null && started != null) {
      metrics.queued(Duration.between(submitted, started));
    }
    return written;
  }

  /** Tells people. */
  void tell(GpuJob job, Step.@Nullable Note note) {
    if (note == null) {
      return;
    }
    if (note.warning()) {
      events.warning(GpuResources.GPU_JOBS, job, note.reason(), note.message());
    } else {
      events.normal(GpuResources.GPU_JOBS, job, note.reason(), note.message());
    }
  }

  /** Says why it waits, if that is not said yet. */
  Outcome waitFor(GpuJob job, String reason, String message, Duration delay) {
    if (!job.status().reason().equals(reason)) {
      GpuJob written =
          write(
              job,
              StatusDraft.of(job).because(reason, message, "It is tried again by itself.").done());
      tell(written, new Step.Note(true, reason, message));
    }
    return Outcome.over(delay);
  }
}
