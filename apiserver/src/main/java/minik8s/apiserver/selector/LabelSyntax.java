package minik8s.apiserver.selector;

import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import minik8s.apiserver.selector.LabelQuery.Operator;

/** What keys and values inside a label selector must look like. Stateless. */
final class LabelSyntax {
  private LabelSyntax() {}

  static void checkKey(String key) {
    List<String> problems = Names.qualifiedName(key);
    if (!problems.isEmpty()) {
      throw LabelSelectors.badRequirement(
          "key: Invalid value: \"" + key + "\": " + String.join("; ", problems));
    }
  }

  static void checkValues(String key, Operator operator, Set<String> values) {
    int index = 0;
    for (String value : values) {
      if (operator == Operator.GREATER || operator == Operator.LESS) {
        checkInteger(value, index);
      }
      List<String> problems = Names.labelValue(value);
      if (!problems.isEmpty()) {
        throw LabelSelectors.badRequirement(
            "values[%d][%s]: Invalid value: \"%s\": %s"
                .formatted(index, key, value, String.join("; ", problems)));
      }
      index++;
    }
  }

  private static void checkInteger(String value, int index) {
    try {
      Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw LabelSelectors.badRequirement(
          "values[%d]: Invalid value: \"%s\": for 'Gt', 'Lt' operators, the value must be an integer"
              .formatted(index, value));
    }
  }
}
