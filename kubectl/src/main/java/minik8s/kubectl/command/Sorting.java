package minik8s.kubectl.command;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.JsonPath;
import org.jspecify.annotations.Nullable;

/** Sorts objects or table rows by a JSONPath, as {@code --sort-by} does. Confined to one thread. */
final class Sorting {
  private final JsonPath path;

  Sorting(String expression) {
    try {
      path = JsonPath.relaxed(expression);
    } catch (IllegalArgumentException e) {
      throw KubectlException.error(String.valueOf(e.getMessage()));
    }
  }

  /** Sorts the rows of a Table or the items of a list in place. */
  void apply(Map<String, Object> page) {
    if (Tree.text(page, "kind").equals("Table")) {
      Tree.list(page, "rows").sort((a, b) -> compare(Tree.map(a, "object"), Tree.map(b, "object")));
    } else if (page.containsKey("items")) {
      sort(Tree.list(page, "items"));
    }
  }

  /** Sorts objects in place. */
  void sort(List<Object> objects) {
    objects.sort(this::compare);
  }

  private int compare(Object a, Object b) {
    List<Object> left = path.find(a);
    List<Object> right = path.find(b);
    if (left.isEmpty() || right.isEmpty()) {
      return Boolean.compare(!left.isEmpty(), !right.isEmpty());
    }
    BigDecimal x = number(left.get(0));
    BigDecimal y = number(right.get(0));
    return x != null && y != null
        ? x.compareTo(y)
        : natural(Tree.scalar(left.get(0)), Tree.scalar(right.get(0)));
  }

  private static @Nullable BigDecimal number(Object value) {
    return value instanceof Number n ? new BigDecimal(n.toString()) : null;
  }

  /** Text with runs of digits compared as numbers. */
  static int natural(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      char x = a.charAt(i);
      char y = b.charAt(j);
      if (Character.isDigit(x) && Character.isDigit(y)) {
        int endX = digits(a, i);
        int endY = digits(b, j);
        String left = a.substring(i, endX);
        String right = b.substring(j, endY);
        int order = new BigDecimal(left).compareTo(new BigDecimal(right));
        if (order != 0) {
          return order;
        }
        i = endX;
        j = endY;
      } else if (x != y) {
        return Character.compare(x, y);
      } else {
        i++;
        j++;
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }
}
