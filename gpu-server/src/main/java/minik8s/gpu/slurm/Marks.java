package minik8s.gpu.slurm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the scripts of one submission have left behind to be seen without asking Slurm. Immutable.
 *
 * @param started tasks that began; {@code ""} stands for the job itself
 * @param ended tasks whose script ended, with its exit code
 * @param compiled whether the compilation on the login host ended
 */
public record Marks(Set<String> started, Map<String, Integer> ended, boolean compiled) {
  public static final Marks NONE = new Marks(Set.of(), Map.of(), false);

  public Marks {
    started = Set.copyOf(started);
    ended = Map.copyOf(ended);
  }

  /** Sorts the names in the directory of marks by token; strangers are skipped. */
  public static Map<String, Marks> byToken(Iterable<String> names) {
    Map<String, Marks> result = new HashMap<>();
    for (String name : names) {
      int dot = name.indexOf('.');
      if (dot > 0 && !name.endsWith(".new")) {
        result.merge(name.substring(0, dot), one(name.substring(dot + 1)), Marks::with);
      }
    }
    return result;
  }

  private static Marks one(String mark) {
    int dot = mark.indexOf('.');
    String kind = dot < 0 ? mark : mark.substring(0, dot);
    String task = dot < 0 ? "" : mark.substring(dot + 1);
    if (kind.equals("start")) {
      return new Marks(Set.of(task), Map.of(), false);
    }
    if (kind.matches("end-\\d{1,3}")) {
      return new Marks(Set.of(), Map.of(task, Integer.valueOf(kind.substring(4))), false);
    }
    return kind.equals("compiled") ? new Marks(Set.of(), Map.of(), true) : NONE;
  }

  private Marks with(Marks other) {
    Set<String> allStarted = new HashSet<>(started);
    allStarted.addAll(other.started);
    Map<String, Integer> allEnded = new HashMap<>(ended);
    allEnded.putAll(other.ended);
    return new Marks(allStarted, allEnded, compiled || other.compiled);
  }
}
