package minik8s.gpu.slurm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of {@code sacct} and {@code squeue}. Pure. The job's name stands last, so that a
 * stranger's name with a bar in it spoils nothing. Lines that do not fit are skipped.
 */
final class JobRows {
  /** What {@code sacct --format} is asked for, in the order of {@link #accounting}. */
  static final String SACCT =
      "JobID,State,ExitCode,Submit,Start,End,ElapsedRaw,NodeList,Reason,JobName";

  /** What {@code squeue --format} is asked for, in the order of {@link #queue}. */
  static final String SQUEUE = "%i|%T|%r|%V|%S|%N|%j";

  private JobRows() {}

  /** The rows of {@code sacct -X -n -P} with {@link #SACCT} and times in seconds. */
  static List<JobRow> accounting(String output) {
    List<JobRow> rows = new ArrayList<>();
    for (String line : output.split("\n")) {
      String[] f = line.split("\\|", 10);
      if (f.length == 10 && isId(f[0]) && f[0].indexOf('.') < 0) {
        String[] exit = f[2].split(":");
        rows.add(
            new JobRow(
                f[0],
                f[9],
                SlurmState.of(f[1]),
                cancelledBy(f[1]),
                number(exit[0]),
                exit.length > 1 ? number(exit[1]) : 0,
                time(f[3]),
                time(f[4]),
                time(f[5]),
                Duration.ofSeconds(number(f[6])),
                nodes(f[7]),
                word(f[8])));
      }
    }
    return rows;
  }

  /** The rows of {@code squeue -h} with {@link #SQUEUE} and times in seconds. */
  static List<JobRow> queue(String output) {
    List<JobRow> rows = new ArrayList<>();
    for (String line : output.split("\n")) {
      String[] f = line.split("\\|", 7);
      if (f.length == 7 && isId(f[0])) {
        SlurmState state = SlurmState.of(f[1]);
        Instant start = state.kind() == SlurmState.Kind.WAITING ? null : time(f[4]);
        rows.add(
            new JobRow(
                f[0],
                f[6],
                state,
                null,
                0,
                0,
                time(f[3]),
                start,
                null,
                Duration.ZERO,
                nodes(f[5]),
                word(f[2])));
      }
    }
    return rows;
  }

  private static boolean isId(String text) {
    return !text.isEmpty() && Character.isDigit(text.charAt(0));
  }

  private static @Nullable Integer cancelledBy(String state) {
    int by = state.indexOf(" by ");
    return by < 0 ? null : Integer.valueOf(number(state.substring(by + 4).trim()));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static @Nullable Instant time(String text) {
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      return null;
    }
    try {
      return Instant.ofEpochSecond(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String nodes(String text) {
    return text.startsWith("None") || text.startsWith("(") ? "" : text;
  }

  private static String word(String text) {
    return text.equals("None") ? "" : text;
  }
}
