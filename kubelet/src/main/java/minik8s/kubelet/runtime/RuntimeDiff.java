package minik8s.kubelet.runtime;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares a list of the engine with what was known. Pure. */
public final class RuntimeDiff {
  private RuntimeDiff() {}

  /**
   * The containers that must be looked at: new ones, ones whose state word does not fit what was
   * known, and known ones that the list lacks. The list alone decides nothing, since it may be
   * older than a container that was created meanwhile.
   *
   * @param listed state words by id
   */
  public static Set<String> suspects(
      Map<String, ObservedContainer> known, Map<String, String> listed) {
    Set<String> suspects = new HashSet<>();
    listed.forEach((id, word) -> {
      ObservedContainer container = known.get(id);
      if (container == null || !fits(container.state(), word)) {
        suspects.add(id);
      }
    });
    known.keySet().stream().filter(id -> !listed.containsKey(id)).forEach(suspects::add);
    return suspects;
  }

  /**
   * Whether a hint tells something new.
   *
   * @param known what is believed of the container; null for nothing
   * @param word the state that the hint tells of; empty for removed
   */
  public static boolean news(@Nullable ObservedContainer known, String word) {
    return word.isEmpty() ? known != null : known == null || !fits(known.state(), word);
  }

  private static boolean fits(ObservedContainer.State state, String word) {
    return switch (state) {
      case ObservedContainer.State.Running _ -> word.equals("running");
      case ObservedContainer.State.Created _ -> word.equals("created");
      case ObservedContainer.State.Exited _ ->
          word.equals("exited") || word.equals("dead") || word.equals("created");
    };
  }

  /** Whether the change of one container can matter to its pod. */
  public static boolean differs(ObservedContainer before, ObservedContainer now) {
    return !Objects.equals(before, now);
  }
}
