package minik8s.apiserver.admission;

import java.util.ArrayList;
import java.util.List;

/** The syntax of port names (IANA service names). Stateless. */
final class PortNames {
  private PortNames() {}

  static List<String> problems(String name) {
    List<String> problems = new ArrayList<>(0);
    if (name.length() > 15) {
      problems.add("must be no more than 15 characters");
    }
    boolean letter = false;
    boolean clean = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      letter |= c >= 'a' && c <= 'z';
      clean &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    if (!clean || name.isEmpty()) {
      problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (!letter) {
      problems.add("must contain at least one letter (a-z)");
    }
    if (name.contains("--")) {
      problems.add("must not contain consecutive hyphens");
    }
    if (name.startsWith("-") || name.endsWith("-")) {
      problems.add("must not begin or end with a hyphen");
    }
    return problems;
  }
}
