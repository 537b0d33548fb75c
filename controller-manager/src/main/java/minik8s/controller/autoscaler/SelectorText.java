package minik8s.controller.autoscaler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import minik8s.api.LabelSelector;
import minik8s.api.LabelSelector.Requirement;

/** Reads selectors in query form, such as {@code app=web,tier in (a,b),!old}. Stateless. */
final class SelectorText {
  private SelectorText() {}

  /** The selector that the text means. */
  static LabelSelector parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    int from = 0;
    int depth = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        String term = text.substring(from, i).strip();
        if (!term.isEmpty()) {
          requirements.add(term(term));
        }
        from = i + 1;
      }
    }
    return new LabelSelector(Map.of(), requirements);
  }

  private static Requirement term(String term) {
    if (term.startsWith("!")) {
      return new Requirement(term.substring(1).strip(), "DoesNotExist", List.of());
    }
    if (term.endsWith(")")) {
      String[] parts = term.split("\\s+", 3);
      String operator = parts.length > 1 && parts[1].startsWith("notin") ? "NotIn" : "In";
      String values = term.substring(term.indexOf('(') + 1, term.length() - 1);
      return new Requirement(
          parts[0], operator, Arrays.stream(values.split(",")).map(String::strip).toList());
    }
    int unequal = term.indexOf("!=");
    if (unequal > 0) {
      return new Requirement(
          term.substring(0, unequal).strip(),
          "NotIn",
          List.of(term.substring(unequal + 2).strip()));
    }
    int equals = term.indexOf('=');
    return equals < 0
        ? new Requirement(term, "Exists", List.of())
        : new Requirement(
            term.substring(0, equals).strip(),
            "In",
            List.of(term.substring(equals + 1).replaceFirst("^=", "").strip()));
  }
}
