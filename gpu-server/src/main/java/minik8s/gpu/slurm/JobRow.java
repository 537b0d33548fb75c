package minik8s.gpu.slurm;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One job, or one task of an array, as Slurm tells of it. Immutable.
 *
 * @param id {@code 49}, {@code 49_3}, or {@code 49_[4-9%2]} for tasks that still wait together
 * @param cancelledBy the user number of {@code CANCELLED by N}; null when Slurm does not say
 * @param exitCode of the batch script
 * @param signal that ended it; 0 for none
 * @param elapsed run time; zero before the start
 * @param reason why it waits, in Slurm's word; empty when there is none
 */
public record JobRow(
    String id,
    String name,
    SlurmState state,
    @Nullable Integer cancelledBy,
    int exitCode,
    int signal,
    @Nullable Instant submitted,
    @Nullable Instant started,
    @Nullable Instant ended,
    Duration elapsed,
    String nodes,
    String reason) {

  /** The number of the job without its task. */
  public String job() {
    int bar = id.indexOf('_');
    return bar < 0 ? id : id.substring(0, bar);
  }

  /** The task, such as {@code 3} or {@code [4-9%2]}; empty for a job that is no array. */
  public String task() {
    int bar = id.indexOf('_');
    return bar < 0 ? "" : id.substring(bar + 1);
  }

  /** How many tasks the row stands for. */
  public int count() {
    return task().startsWith("[") ? TaskRange.count(task()) : 1;
  }
}
