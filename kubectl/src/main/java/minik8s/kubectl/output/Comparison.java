package minik8s.kubectl.output;

import java.math.BigDecimal;
import java.util.List;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** Decides JSONPath filters such as {@code @.type=="Ready"}. Stateless. */
final class Comparison {
  private Comparison() {}

  static boolean holds(Step.Filter filter, Object root, Object item) {
    List<Object> left = Step.walk(filter.left(), root, item);
    if (filter.operator().equals("exists")) {
      return Step.present(left);
    }
    Object other = filter.literal();
    if (other == null) {
      List<Object> right = Step.walk(filter.right(), root, item);
      other = right.isEmpty() ? null : right.get(0);
    }
    if (left.isEmpty() || other == null) {
      return false;
    }
    return compare(left.get(0), filter.operator(), other);
  }

  private static boolean compare(Object left, String operator, Object right) {
    int order = order(left, right);
    return switch (operator) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  /** Numbers by size, everything else as text. */
  static int order(Object left, Object right) {
    BigDecimal a = number(left);
    BigDecimal b = number(right);
    return a != null && b != null
        ? a.compareTo(b)
        : Tree.scalar(left).compareTo(Tree.scalar(right));
  }

  private static @Nullable BigDecimal number(Object value) {
    return value instanceof Number n ? new BigDecimal(n.toString()) : null;
  }
}
