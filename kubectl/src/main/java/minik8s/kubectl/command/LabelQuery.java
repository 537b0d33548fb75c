package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;

/** A label selector evaluated here, for objects that are still in files. Immutable. */
final class LabelQuery {
  private final List<Term> terms;

  private record Term(String key, String operator, List<String> values) {}

  private LabelQuery(List<Term> terms) {
    this.terms = terms;
  }

  static LabelQuery parse(String text) {
    List<Term> terms = new ArrayList<>();
    int from = 0;
    int depth = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        String term = text.substring(from, i).strip();
        if (!term.isEmpty()) {
          terms.add(term(term));
        }
        from = i + 1;
      }
    }
    return new LabelQuery(terms);
  }

  private static Term term(String text) {
    int open = text.indexOf('(');
    if (open > 0) {
      String[] words = text.substring(0, open).strip().split("\\s+", -1);
      List<String> values = new ArrayList<>();
      for (String value : text.substring(open + 1, text.length() - 1).split(",", -1)) {
        values.add(value.strip());
      }
      return new Term(words[0], words[words.length - 1], values);
    }
    for (String operator : List.of("!=", "==", "=")) {
      int at = text.indexOf(operator);
      if (at > 0) {
        String value = text.substring(at + operator.length()).strip();
        String key = text.substring(0, at).strip();
        return new Term(key, operator.equals("!=") ? "notin" : "in", List.of(value));
      }
    }
    return text.startsWith("!")
        ? new Term(text.substring(1).strip(), "absent", List.of())
        : new Term(text, "present", List.of());
  }

  boolean matches(Map<String, Object> labels) {
    for (Term term : terms) {
      boolean present = labels.containsKey(term.key());
      String value = Tree.text(labels, term.key());
      boolean holds =
          switch (term.operator()) {
            case "in" -> present && term.values().contains(value);
            case "notin" -> !present || !term.values().contains(value);
            case "absent" -> !present;
            default -> present;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }
}
