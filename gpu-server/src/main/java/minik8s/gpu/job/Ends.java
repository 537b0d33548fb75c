package minik8s.gpu.job;

import java.util.List;
import java.util.Map;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.JobRow;
import minik8s.gpu.slurm.SlurmState;
import org.jspecify.annotations.Nullable;

/**
 * What Slurm's ends mean, and what to do about them. Pure. Sources: JOB STATE CODES of {@code
 * sacct} and the behaviour of Slurm 22.05.
 */
final class Ends {
  private static final int NAMED_TASKS = 100;

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9,
          "SIGKILL", 11, "SIGSEGV", 13, "SIGPIPE", 15, "SIGTERM");

  private Ends() {}

  /**
   * The end of a job whose every task has ended.
   *
   * @param userId our own number on the cluster; -1 when it is not known
   * @param wished whether we cancelled it because the user asked us to
   */
  static End of(JobReport report, int userId, boolean wished) {
    if (report.isArray()) {
      return array(report, userId, wished);
    }
    return of(report.leading(), userId, wished);
  }

  private static End array(JobReport report, int userId, boolean wished) {
    int total = report.count(SlurmState.Kind.ENDED);
    int good = report.completed();
    End worst = of(report.leading(), userId, wished);
    if (good == total) {
      return new End(
          Phase.Succeeded,
          "COMPLETED",
          "Completed",
          "all " + total + " tasks completed",
          "",
          0,
          null);
    }
    if (worst.phase() == Phase.Cancelled) {
      return worst;
    }
    String first = report.leading().task();
    return new End(
        Phase.Failed,
        report.leading().state().name(),
        "TasksFailed",
        "%d of %d tasks failed; task %s: %s".formatted(total - good, total, first, worst.message()),
        worst.advice().isEmpty()
            ? "Look at the output of the tasks in status.tasks.failures."
            : worst.advice(),
        worst.exitCode(),
        worst.signal());
  }

  private static End of(JobRow row, int userId, boolean wished) {
    return switch (row.state()) {
      case COMPLETED ->
          new End(Phase.Succeeded, "COMPLETED", "Completed", "the job completed", "", 0, null);
      case CANCELLED -> cancelled(row, userId, wished);
      case FAILED -> failed(row);
      case TIMEOUT ->
          failure(
              row,
              "TimeLimit",
              "the job ran into its time limit and was ended",
              "Ask for more in slurm.time, or let the job do less; output up to then is among the results.");
      case OUT_OF_MEMORY ->
          failure(
              row,
              "OutOfMemory",
              "the job used more memory than it asked for and was killed",
              "Ask for more in slurm.memory.");
      case NODE_FAIL ->
          failure(
              row,
              "NodeFailure",
              "a node that ran the job failed",
              "Nothing is wrong with the job: submit it again, or allow it in retryPolicy.");
      case PREEMPTED ->
          failure(
              row,
              "Preempted",
              "a job of higher priority took the resources",
              "Submit it again, choose a QoS that is not preempted, or allow it in retryPolicy.");
      case BOOT_FAIL ->
          failure(
              row,
              "BootFailure",
              "a node could not be booted for the job",
              "Nothing is wrong with the job: submit it again, or allow it in retryPolicy.");
      case DEADLINE ->
          failure(
              row,
              "DeadlineMissed",
              "the job could not end before its deadline",
              "Ask for less time, or for a later deadline.");
      case REVOKED ->
          failure(
              row,
              "Revoked",
              "another cluster of the federation took the job",
              "Look for it there: sacct --federation.");
      default -> failure(row, "Unknown", "the job ended as " + row.state(), "");
    };
  }

  private static End cancelled(JobRow row, int userId, boolean wished) {
    Integer by = row.cancelledBy();
    if (wished) {
      return end(
          Phase.Cancelled,
          row,
          "CancelledOnRequest",
          "the job was cancelled, as the GpuJob asks",
          "");
    }
    if (by == null) {
      return end(
          Phase.Cancelled,
          row,
          "CancelledBySlurm",
          "Slurm cancelled the job",
          "Perhaps a dependency can never be satisfied; see slurm.dependency.");
    }
    if (by == 0) {
      return end(
          Phase.Cancelled,
          row,
          "CancelledByAdministrator",
          "an administrator of the cluster (user 0) cancelled the job",
          "Ask the centre why before you submit it again.");
    }
    if (by == userId) {
      return end(
          Phase.Cancelled,
          row,
          "CancelledByUser",
          "the cluster's user " + by + " cancelled the job with scancel, outside of Kubernetes",
          "Submit it again if that was not meant.");
    }
    return end(
        Phase.Cancelled,
        row,
        "CancelledByOther",
        "user " + by + " of the cluster cancelled the job",
        "Ask the centre who that is.");
  }

  private static End failed(JobRow row) {
    int signal = row.signal();
    if (signal == 53 && row.exitCode() == 0) {
      return failure(
          row,
          "OutputNotWritable",
          "Slurm could not open the output file or the working directory",
          "Is the base directory visible on the compute nodes, and is there room in it?");
    }
    // sacct takes 128 away where a shell reports a signal of its child.
    if (signal > 0 && signal < 65) {
      return failure(
          row,
          "Signal",
          "the job was ended by signal " + named(signal),
          signal == 9
              ? "Something killed it: too much memory, or an administrator."
              : "The program crashed; see the end of its error output.");
    }
    String likely =
        row.exitCode() == 127
            ? "A command was not found; are its modules loaded?"
            : row.exitCode() == 126
                ? "A file is not executable."
                : SIGNALS.containsKey(row.exitCode()) && row.exitCode() > 2
                    ? "See the end of the error output; perhaps a program was ended by signal "
                        + named(row.exitCode())
                        + "."
                    : "See the end of the error output.";
    return failure(row, "NonZeroExit", "the job ended with exit code " + row.exitCode(), likely);
  }

  private static String named(int signal) {
    String name = SIGNALS.get(signal);
    return name == null ? Integer.toString(signal) : signal + " (" + name + ")";
  }

  private static End failure(JobRow row, String reason, String message, String advice) {
    return end(Phase.Failed, row, reason, message, advice);
  }

  private static End end(Phase phase, JobRow row, String reason, String message, String advice) {
    Integer signal = row.signal() == 0 ? null : Integer.valueOf(row.signal());
    return new End(phase, row.state().name(), reason, message, advice, row.exitCode(), signal);
  }

  /** The tasks of an array, counted; null for a job that is none. */
  static GpuJob.@Nullable Tasks tasks(JobReport report) {
    if (!report.isArray()) {
      return null;
    }
    int good = report.completed();
    int ended = report.count(SlurmState.Kind.ENDED);
    int waiting = report.count(SlurmState.Kind.WAITING);
    int running = report.count(SlurmState.Kind.RUNNING) + report.count(SlurmState.Kind.SUSPENDED);
    List<GpuJob.TaskFailure> failures =
        report.rows().stream()
            .filter(row -> row.state().ended() && row.state() != SlurmState.COMPLETED)
            .limit(NAMED_TASKS)
            .map(row ->
                new GpuJob.TaskFailure(
                    row.task(),
                    row.state().name(),
                    row.exitCode(),
                    row.signal() == 0 ? null : Integer.valueOf(row.signal())))
            .toList();
    return new GpuJob.Tasks(
        ended + waiting + running, waiting, running, good, ended - good, failures);
  }
}
