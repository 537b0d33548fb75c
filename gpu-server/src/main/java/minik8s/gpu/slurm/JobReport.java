package minik8s.gpu.slurm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that Slurm tells of one submission: one row, or one for each task of an array. Immutable.
 *
 * @param jobId Slurm's number
 * @param rows never empty; all of {@code jobId}
 */
public record JobReport(String jobId, List<JobRow> rows) {
  public JobReport {
    rows = List.copyOf(rows);
  }

  /**
   * The report on the submission of this name, out of rows about whatever else: a number that Slurm
   * used before belongs to another name, and of two numbers the one submitted last counts.
   */
  public static Optional<JobReport> of(String slurmName, List<JobRow> rows) {
    List<JobRow> own = rows.stream().filter(row -> row.name().equals(slurmName)).toList();
    return own.stream()
        .max(
            Comparator.comparing(
                (JobRow row) -> Optional.ofNullable(row.submitted()).orElse(Instant.EPOCH)))
        .map(newest ->
            new JobReport(
                newest.job(), own.stream().filter(row -> row.job().equals(newest.job())).toList()));
  }

  /** Rows of the accounting with the queue's reason for waiting, which accounting knows late. */
  public JobReport explainedBy(@Nullable JobReport queue) {
    if (queue == null || !queue.jobId.equals(jobId)) {
      return this;
    }
    List<JobRow> explained = new ArrayList<>();
    for (JobRow row : rows) {
      Optional<JobRow> same =
          queue.rows.stream().filter(other -> other.id().equals(row.id())).findFirst();
      explained.add(
          same.filter(_ -> row.state().kind() == SlurmState.Kind.WAITING)
              .map(other -> withReason(row, other.reason()))
              .orElse(row));
    }
    return new JobReport(jobId, explained);
  }

  private static JobRow withReason(JobRow row, String reason) {
    return new JobRow(
        row.id(),
        row.name(),
        row.state(),
        row.cancelledBy(),
        row.exitCode(),
        row.signal(),
        row.submitted(),
        row.started(),
        row.ended(),
        row.elapsed(),
        row.nodes(),
        reason);
  }

  public boolean isArray() {
    return rows.stream().anyMatch(row -> !row.task().isEmpty());
  }

  /**
   * Whether there is word of every task; accounting learns of them one by one.
   *
   * @param array the tasks as they were asked for; empty for a job that is no array
   */
  public boolean knowsAll(String array) {
    return array.isEmpty() || tasks() >= TaskRange.count(array);
  }

  /** How many tasks there is word of. */
  public int tasks() {
    return rows.stream().mapToInt(JobRow::count).sum();
  }

  /** Whether every task that there is word of has ended. */
  public boolean ended() {
    return rows.stream().allMatch(row -> row.state().ended());
  }

  /** The row that speaks for all: one that runs, else one that waits, else the first failure. */
  public JobRow leading() {
    return first(SlurmState.Kind.RUNNING)
        .or(() -> first(SlurmState.Kind.SUSPENDED))
        .or(() -> first(SlurmState.Kind.WAITING))
        .or(() -> rows.stream().filter(row -> row.state() != SlurmState.COMPLETED).findFirst())
        .orElse(rows.getFirst());
  }

  private Optional<JobRow> first(SlurmState.Kind kind) {
    return rows.stream().filter(row -> row.state().kind() == kind).findFirst();
  }

  /** How many tasks are in a state of this kind. */
  public int count(SlurmState.Kind kind) {
    return rows.stream().filter(row -> row.state().kind() == kind).mapToInt(JobRow::count).sum();
  }

  /** How many tasks completed. */
  public int completed() {
    return rows.stream()
        .filter(row -> row.state() == SlurmState.COMPLETED)
        .mapToInt(JobRow::count)
        .sum();
  }

  /** When the first task started; null when none has. */
  public @Nullable Instant started() {
    return rows.stream()
        .map(JobRow::started)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** When the last task ended; null while one goes on. */
  public @Nullable Instant ended(boolean all) {
    return all && !ended()
        ? null
        : rows.stream()
            .map(JobRow::ended)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  /** Run time of the longest task. */
  public Duration elapsed() {
    return rows.stream().map(JobRow::elapsed).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  /** Every node that ran a task. */
  public String nodes() {
    return String.join(
        ",", rows.stream().map(JobRow::nodes).filter(text -> !text.isEmpty()).distinct().toList());
  }
}
