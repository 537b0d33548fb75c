package minik8s.controller.statefulset;

import java.util.OptionalInt;
import minik8s.api.KubeObject;
import minik8s.api.StatefulSet;

/** The numbers and names of a set's pods and claims. Pure. */
final class Ordinals {
  private Ordinals() {}

  static String pod(StatefulSet set, int ordinal) {
    return set.metadata().name() + "-" + ordinal;
  }

  static String claim(StatefulSet set, String template, int ordinal) {
    return template + "-" + pod(set, ordinal);
  }

  /** The number in a pod's name; empty when the name is not one that the set gives. */
  static OptionalInt of(String setName, KubeObject pod) {
    String name = pod.metadata().name();
    int dash = name.lastIndexOf('-');
    if (dash < 0 || !name.substring(0, dash).equals(setName)) {
      return OptionalInt.empty();
    }
    String digits = name.substring(dash + 1);
    boolean number =
        !digits.isEmpty()
            && digits.length() < 10
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    return number ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
  }

  /** Whether the set wants a pod of this number. */
  static boolean wanted(StatefulSet set, int ordinal) {
    int first = set.spec().first();
    return ordinal >= first && ordinal < first + set.spec().wanted();
  }
}
