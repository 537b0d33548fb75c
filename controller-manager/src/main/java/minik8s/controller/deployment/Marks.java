package minik8s.controller.deployment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import minik8s.api.Deployment;
import minik8s.api.KubeObject;
import minik8s.api.ReplicaSet;

/** The annotations by which deployments and their replica sets know each other. Pure. */
final class Marks {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MAX = "deployment.kubernetes.io/max-replicas";

  /** Longest history kept, in characters. */
  private static final int HISTORY_LIMIT = 2000;

  private static final Set<String> NOT_COPIED =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          HISTORY,
          DESIRED,
          MAX,
          "deprecated.deployment.rollback.to");

  private Marks() {}

  /** The revision that an object carries; 0 when it carries none. */
  static long revision(KubeObject object) {
    try {
      return Long.parseLong(object.metadata().annotations().getOrDefault(REVISION, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** How many replicas the deployment wanted when the set was last scaled. */
  static OptionalInt desired(ReplicaSet set) {
    return number(set, DESIRED);
  }

  /** How many pods the deployment allowed in all when the set was last scaled. */
  static OptionalInt max(ReplicaSet set) {
    return number(set, MAX);
  }

  private static OptionalInt number(ReplicaSet set, String annotation) {
    String text = set.metadata().annotations().get(annotation);
    if (text == null) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** What a set shall carry once it was scaled for this deployment. */
  static Map<String, String> sizes(Deployment deployment) {
    int wanted = deployment.spec().wanted();
    int max = wanted + Margins.of(deployment.spec()).surge();
    return Map.of(DESIRED, Integer.toString(wanted), MAX, Integer.toString(max));
  }

  /** The annotations of a set to be created. */
  static Map<String, String> forNewSet(Deployment deployment, long revision) {
    Map<String, String> marks = copied(deployment);
    marks.put(REVISION, Long.toString(revision));
    marks.putAll(sizes(deployment));
    return marks;
  }

  /**
   * The annotations to change on the set that is current: the deployment's own, and the newest
   * revision. A set that had an older revision keeps it in its history: it was rolled back to.
   */
  static Map<String, String> missing(Deployment deployment, ReplicaSet current, long revision) {
    Map<String, String> marks = copied(deployment);
    Map<String, String> has = current.metadata().annotations();
    marks.entrySet().removeIf(mark -> mark.getValue().equals(has.get(mark.getKey())));
    if (revision(current) < revision) {
      marks.put(REVISION, Long.toString(revision));
      String old = has.get(REVISION);
      if (old != null) {
        marks.put(HISTORY, history(has.getOrDefault(HISTORY, ""), old));
      }
    }
    return marks;
  }

  private static Map<String, String> copied(Deployment deployment) {
    Map<String, String> marks = new HashMap<>(deployment.metadata().annotations());
    marks.keySet().removeAll(NOT_COPIED);
    return marks;
  }

  private static String history(String history, String old) {
    List<String> revisions = new ArrayList<>();
    if (!history.isEmpty()) {
      revisions.addAll(Arrays.asList(history.split(",", -1)));
    }
    revisions.add(old);
    while (String.join(",", revisions).length() > HISTORY_LIMIT) {
      revisions.removeFirst();
    }
    return String.join(",", revisions);
  }
}
