package minik8s.gpu;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import minik8s.api.Condition;
import minik8s.api.KubeObject;
import minik8s.api.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** A job for a Slurm cluster: files, commands, resources; and how far it has come. Immutable. */
public record GpuJob(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  /** Holds a deleted job until its job in Slurm is cancelled and its results are gone. */
  public static final String FINALIZER = "gpu.minik8s.io/slurm";

  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public GpuJob {
    status = status == null ? Status.NONE : status;
  }

  /**
   * The wish.
   *
   * @param cancelled ends the job for good
   * @param compileOn {@code login} or {@code job}
   * @param numProcess earlier name of {@code slurm.nodes}; the other earlier names follow it
   */
  public record Spec(
      String clusterName,
      boolean suspend,
      boolean cancelled,
      WorkDirectory workDirectory,
      List<String> compileScripts,
      String compileOn,
      List<String> runScripts,
      Slurm slurm,
      String outputFile,
      String errorFile,
      List<String> collect,
      RetryPolicy retryPolicy,
      @Nullable Integer ttlSecondsAfterFinished,
      @Nullable Integer numProcess,
      @Nullable Integer numTasksPerNode,
      @Nullable Integer cpusPerTask,
      @Nullable Integer numGpus,
      String volume,
      String workDir) {
    @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
    public Spec {
      clusterName = Absent.text(clusterName);
      workDirectory = workDirectory == null ? WorkDirectory.NONE : workDirectory;
      compileScripts = Absent.list(compileScripts);
      compileOn = Absent.or(compileOn, "login");
      runScripts = Absent.list(runScripts);
      slurm = slurm == null ? Slurm.NONE : slurm;
      outputFile = Absent.text(outputFile);
      errorFile = Absent.text(errorFile);
      collect = Absent.list(collect);
      retryPolicy = retryPolicy == null ? RetryPolicy.NONE : retryPolicy;
      volume = Absent.text(volume);
      workDir = Absent.text(workDir);
    }
  }

  /** The files of the job. {@code path} is kubectl's note of where it packed them from. */
  public record WorkDirectory(String path, Source source) {
    static final WorkDirectory NONE = new WorkDirectory("", Source.NONE);

    @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
    public WorkDirectory {
      path = Absent.text(path);
      source = source == null ? Source.NONE : source;
    }
  }

  /** Where files come from; one of the four. */
  public record Source(
      List<InlineFile> files,
      @Nullable ConfigMapSource configMap,
      @Nullable SecretSource secret,
      @Nullable HostPathSource hostPath) {
    static final Source NONE = new Source(List.of(), null, null, null);

    public Source {
      files = Absent.list(files);
    }
  }

  /** A file in the manifest: text, or bytes in Base64. */
  public record InlineFile(
      String path,
      @Nullable String content,
      @Nullable String contentBase64,
      @Nullable Integer mode) {
    public InlineFile {
      path = Absent.text(path);
    }
  }

  /** Every key of a ConfigMap of the job's namespace. */
  public record ConfigMapSource(String name) {
    public ConfigMapSource {
      name = Absent.text(name);
    }
  }

  /** Every key of a Secret of the job's namespace. */
  public record SecretSource(String secretName) {
    public SecretSource {
      secretName = Absent.text(secretName);
    }
  }

  /** A folder beside the gpu-server. */
  public record HostPathSource(String path) {
    public HostPathSource {
      path = Absent.text(path);
    }
  }

  /** What is asked of Slurm, in Slurm's words; empty or null where nothing is asked. */
  public record Slurm(
      String partition,
      String account,
      String qos,
      @Nullable Integer nodes,
      @Nullable Integer ntasksPerNode,
      @Nullable Integer cpusPerTask,
      @Nullable Integer gpus,
      String gres,
      String memory,
      String time,
      String array,
      String dependency,
      String constraint,
      boolean exclusive,
      List<String> modules,
      @Nullable Mail mail) {
    static final Slurm NONE =
        new Slurm(
            "", "", "", null, null, null, null, "", "", "", "", "", "", false, List.of(), null);

    public Slurm {
      partition = Absent.text(partition);
      account = Absent.text(account);
      qos = Absent.text(qos);
      gres = Absent.text(gres);
      memory = Absent.text(memory);
      time = Absent.text(time);
      array = Absent.text(array);
      dependency = Absent.text(dependency);
      constraint = Absent.text(constraint);
      modules = Absent.list(modules);
    }
  }

  /** Whom Slurm writes, and about what. */
  public record Mail(String user, List<String> type) {
    public Mail {
      user = Absent.text(user);
      type = type == null || type.isEmpty() ? List.of("END", "FAIL") : List.copyOf(type);
    }
  }

  /**
   * How many further attempts there are, after which ends.
   *
   * @param states Slurm's states
   * @param on earlier name of {@code states}
   * @param bareOn the earlier name as YAML 1.1 reads it when it stands without quotes
   */
  public record RetryPolicy(
      int limit, List<String> states, List<String> on, @JsonProperty("true") List<String> bareOn) {
    private static final List<String> NOT_THE_JOBS_FAULT =
        List.of("NODE_FAIL", "BOOT_FAIL", "PREEMPTED");

    static final RetryPolicy NONE = new RetryPolicy(0, List.of(), List.of(), List.of());

    public RetryPolicy {
      states = Absent.list(states);
      on = Absent.list(on);
      bareOn = Absent.list(bareOn);
    }

    /** Whether the states stand under their earlier name. */
    boolean earlier() {
      return !on.isEmpty() || !bareOn.isEmpty();
    }

    /** The ends after which there is another attempt. */
    public List<String> ends() {
      return Stream.of(states, on, bareOn)
          .filter(list -> !list.isEmpty())
          .findFirst()
          .orElse(NOT_THE_JOBS_FAULT);
    }
  }

  /** How far a job has come. */
  public enum Phase {
    Pending,
    Suspended,
    Uploading,
    Compiling,
    Submitting,
    Queued,
    Running,
    Collecting,
    Succeeded,
    Failed,
    Cancelled;

    /** Whether nothing follows. */
    public boolean terminal() {
      return this == Succeeded || this == Failed || this == Cancelled;
    }
  }

  /**
   * What the gpu-server saw.
   *
   * @param attempt from 1; 0 before anything was done
   * @param submission the intent that was written before {@code sbatch}; null when there is none
   * @param jobId Slurm's number; empty before it is known
   * @param advice what the user can do about it
   */
  public record Status(
      long observedGeneration,
      @Nullable Phase phase,
      String reason,
      String message,
      String advice,
      int attempt,
      @Nullable Submission submission,
      String jobId,
      String slurmState,
      String slurmReason,
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      String nodes,
      @Nullable Instant submitTime,
      @Nullable Instant startTime,
      @Nullable Instant completionTime,
      String queueTime,
      String runTime,
      String remoteDirectory,
      List<UploadedFile> files,
      @Nullable Tasks tasks,
      String resultsURL,
      List<ResultFile> results,
      String outputTail,
      String errorTail,
      List<Condition> conditions) {
    /** Nothing seen yet. */
    public static final Status NONE =
        new Status(
            0, null, "", "", "", 0, null, "", "", "", null, null, "", null, null, null, "", "", "",
            List.of(), null, "", List.of(), "", "", List.of());

    public Status {
      reason = Absent.text(reason);
      message = Absent.text(message);
      advice = Absent.text(advice);
      jobId = Absent.text(jobId);
      slurmState = Absent.text(slurmState);
      slurmReason = Absent.text(slurmReason);
      nodes = Absent.text(nodes);
      queueTime = Absent.text(queueTime);
      runTime = Absent.text(runTime);
      remoteDirectory = Absent.text(remoteDirectory);
      files = Absent.list(files);
      resultsURL = Absent.text(resultsURL);
      results = Absent.list(results);
      outputTail = Absent.text(outputTail);
      errorTail = Absent.text(errorTail);
      conditions = Absent.list(conditions);
    }

    /** The phase; Pending before anything was written. */
    public Phase current() {
      return phase == null ? Phase.Pending : phase;
    }
  }

  /** The intent to submit: the name that the job has in Slurm, and since when. */
  public record Submission(String name, @Nullable Instant intendedAt) {
    public Submission {
      name = Absent.text(name);
    }
  }

  /** A file as it lies on the cluster. */
  public record UploadedFile(String path, long size, String sha256) {}

  /** A file among the results. */
  public record ResultFile(String path, long size) {}

  /** The tasks of an array, counted. */
  public record Tasks(
      int total, int pending, int running, int succeeded, int failed, List<TaskFailure> failures) {
    public Tasks {
      failures = Absent.list(failures);
    }
  }

  /** A task that did not succeed. */
  public record TaskFailure(
      String task, String state, @Nullable Integer exitCode, @Nullable Integer signal) {}
}
