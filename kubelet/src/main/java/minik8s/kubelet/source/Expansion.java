package minik8s.kubelet.source;

import java.util.Map;

/**
 * Replaces {@code $(NAME)} by the variable's value; {@code $$} is a dollar, unknown names stay as
 * they are. Pure. Source: Kubernetes' {@code third_party/forked/golang/expansion}.
 */
public final class Expansion {
  private Expansion() {}

  public static String expand(String text, Map<String, String> variables) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        result.append(c);
        i++;
      } else if (text.charAt(i + 1) == '$') {
        result.append('$');
        i += 2;
      } else if (text.charAt(i + 1) == '(') {
        i = reference(text, i, variables, result);
      } else {
        result.append(c).append(text.charAt(i + 1));
        i += 2;
      }
    }
    return result.toString();
  }

  private static int reference(
      String text, int at, Map<String, String> variables, StringBuilder result) {
    int end = text.indexOf(')', at + 2);
    if (end < 0) {
      result.append("$(");
      return at + 2;
    }
    String name = text.substring(at + 2, end);
    String value = variables.get(name);
    result.append(value == null ? "$(" + name + ")" : value);
    return end + 1;
  }
}
