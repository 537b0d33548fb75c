package minik8s.kubectl.patch;

import java.util.LinkedHashMap;
import java.util.Map;
import minik8s.kubectl.document.Tree;

/**
 * Three-way patches: what was applied last, what the file says now and what is live. Fields that
 * only others set stay; fields that left the file are deleted. Stateless.
 */
public final class ThreeWay {
  private ThreeWay() {}

  /**
   * A strategic merge patch for a built-in kind; empty when nothing is to be done.
   *
   * @param kind the kind, for its merge keys
   * @param original what was applied last; empty when unknown
   * @param modified what the file says
   * @param current the live object
   */
  public static Map<String, Object> strategic(
      String kind,
      Map<String, Object> original,
      Map<String, Object> modified,
      Map<String, Object> current) {
    StrategicDiff changes = new StrategicDiff(kind, true, false);
    StrategicDiff deletions = new StrategicDiff(kind, false, true);
    Map<String, Object> delta = changes.maps(current, modified, "", false);
    Map<String, Object> removed = deletions.maps(original, modified, "", false);
    return PatchUnion.join(kind, Tree.copyMap(removed), delta);
  }

  /** A strategic merge patch that turns one object into another. */
  public static Map<String, Object> strategicTwoWay(
      String kind, Map<String, Object> from, Map<String, Object> to) {
    return new StrategicDiff(kind, true, true).maps(from, to, "", false);
  }

  /** A JSON merge patch for a custom resource; empty when nothing is to be done. */
  public static Map<String, Object> merge(
      Map<String, Object> original, Map<String, Object> modified, Map<String, Object> current) {
    Map<String, Object> out = new LinkedHashMap<>();
    MergeDiff.changes(current, modified, out);
    MergeDiff.deletions(original, modified, out);
    return out;
  }
}
