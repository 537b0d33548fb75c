package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import minik8s.api.Condition;
import minik8s.gpu.GoDurations;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import org.jspecify.annotations.Nullable;

/** A status under change. Confined to one method; {@link #done} gives the record. */
final class StatusDraft {
  private static final int LONGEST = 2000;

  private final long generation;
  private Phase phase;
  private String reason;
  private String message;
  private String advice;
  private int attempt;
  private GpuJob.@Nullable Submission submission;
  private String jobId;
  private String slurmState;
  private String slurmReason;
  private @Nullable Integer exitCode;
  private @Nullable Integer signal;
  private String nodes;
  private @Nullable Instant submitTime;
  private @Nullable Instant startTime;
  private @Nullable Instant completionTime;
  private String queueTime;
  private String runTime;
  private String remoteDirectory;
  private List<GpuJob.UploadedFile> files;
  private GpuJob.@Nullable Tasks tasks;
  private String resultsUrl;
  private List<GpuJob.ResultFile> results;
  private String outputTail;
  private String errorTail;
  private List<Condition> conditions;

  private StatusDraft(GpuJob job) {
    GpuJob.Status from = job.status();
    generation = job.metadata().generation();
    phase = from.current();
    reason = from.reason();
    message = from.message();
    advice = from.advice();
    attempt = from.attempt();
    submission = from.submission();
    jobId = from.jobId();
    slurmState = from.slurmState();
    slurmReason = from.slurmReason();
    exitCode = from.exitCode();
    signal = from.signal();
    nodes = from.nodes();
    submitTime = from.submitTime();
    startTime = from.startTime();
    completionTime = from.completionTime();
    queueTime = from.queueTime();
    runTime = from.runTime();
    remoteDirectory = from.remoteDirectory();
    files = from.files();
    tasks = from.tasks();
    resultsUrl = from.resultsURL();
    results = from.results();
    outputTail = from.outputTail();
    errorTail = from.errorTail();
    conditions = from.conditions();
  }

  static StatusDraft of(GpuJob job) {
    return new StatusDraft(job);
  }

  StatusDraft phase(Phase next) {
    phase = next;
    return this;
  }

  /** Why it is in its phase; advice may be empty. */
  StatusDraft because(String word, String sentence, String whatToDo) {
    reason = word;
    message = shortened(sentence);
    advice = whatToDo;
    return this;
  }

  /** Forgets everything about the last submission and begins another attempt. */
  StatusDraft attempt(int next, String directory) {
    attempt = next;
    remoteDirectory = directory;
    return unsubmitted();
  }

  StatusDraft unsubmitted() {
    submission = null;
    jobId = "";
    slurmState = "";
    slurmReason = "";
    exitCode = null;
    signal = null;
    nodes = "";
    submitTime = null;
    startTime = null;
    completionTime = null;
    queueTime = "";
    runTime = "";
    tasks = null;
    return this;
  }

  StatusDraft intent(String name, Instant now) {
    submission = new GpuJob.Submission(name, now);
    return this;
  }

  StatusDraft jobId(String id) {
    jobId = id;
    return this;
  }

  StatusDraft slurm(String state, String why) {
    slurmState = state;
    slurmReason = why;
    return this;
  }

  StatusDraft exit(@Nullable Integer code, @Nullable Integer by) {
    exitCode = code;
    signal = by;
    return this;
  }

  StatusDraft nodes(String list) {
    nodes = list;
    return this;
  }

  StatusDraft submitted(@Nullable Instant at) {
    submitTime = at == null ? submitTime : at;
    return this;
  }

  StatusDraft started(@Nullable Instant at) {
    startTime = at == null ? startTime : at;
    if (submitTime != null && startTime != null) {
      queueTime = span(submitTime, startTime);
    }
    return this;
  }

  StatusDraft completed(Instant at) {
    completionTime = at;
    if (startTime != null) {
      runTime = span(startTime, at);
    }
    return this;
  }

  private static String span(Instant from, Instant to) {
    Duration span = Duration.between(from, to);
    return GoDurations.text(span.isNegative() ? Duration.ZERO : span);
  }

  StatusDraft uploaded(List<GpuJob.UploadedFile> list) {
    files = list;
    return this;
  }

  StatusDraft tasks(GpuJob.@Nullable Tasks counted) {
    tasks = counted;
    return this;
  }

  StatusDraft results(String url, List<GpuJob.ResultFile> list) {
    resultsUrl = url;
    results = list;
    return this;
  }

  StatusDraft tails(String output, String error) {
    outputTail = output;
    errorTail = error;
    return this;
  }

  StatusDraft condition(String type, boolean status, String why, String sentence, Instant now) {
    conditions =
        Condition.set(conditions, Condition.of(type, status, why, shortened(sentence), now));
    return this;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  GpuJob.Status done() {
    return new GpuJob.Status(
        generation,
        phase,
        reason,
        message,
        advice,
        attempt,
        submission,
        jobId,
        slurmState,
        slurmReason,
        exitCode,
        signal,
        nodes,
        submitTime,
        startTime,
        completionTime,
        queueTime,
        runTime,
        remoteDirectory,
        files,
        tasks,
        resultsUrl,
        results,
        outputTail,
        errorTail,
        conditions);
  }
}
