package minik8s.kubectl.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the plain YAML that tools write into kubeconfig files: block maps, block lists, one-line
 * scalars. Anything else makes it give up, and the full reader takes over; it exists because
 * loading that one takes longer than a request. Confined to one thread.
 */
public final class SimpleYaml {
  private static final String SPECIAL_START = "{}[]&*!|>'\"%@`#,?:-";

  private final List<String> lines = new ArrayList<>();
  private int at;

  private SimpleYaml() {}

  /** The document, or null when it is not plain enough. */
  public static @Nullable Map<String, Object> read(String text) {
    SimpleYaml reader = new SimpleYaml();
    int from = 0;
    while (from < text.length()) {
      int to = text.indexOf('\n', from);
      to = to < 0 ? text.length() : to;
      String line = text.substring(from, to).stripTrailing();
      from = to + 1;
      if (line.indexOf('\t') >= 0 || (line.startsWith("---") && !reader.lines.isEmpty())) {
        return null;
      }
      String content = line.stripLeading();
      if (!content.isEmpty() && !content.startsWith("#") && !line.equals("---")) {
        reader.lines.add(line);
      }
    }
    try {
      Map<String, Object> map = reader.map(0);
      return reader.at == reader.lines.size() ? map : null;
    } catch (NotPlain e) {
      return null;
    }
  }

  private static int indent(String line) {
    int i = 0;
    while (i < line.length() && line.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  private Map<String, Object> map(int indent) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (at < lines.size() && indent(lines.get(at)) == indent) {
      String line = lines.get(at);
      if (line.startsWith("- ", indent) || line.length() == indent + 1) {
        break;
      }
      entry(map, line.substring(indent), indent);
    }
    return map;
  }

  private void entry(Map<String, Object> map, String text, int indent) {
    int colon = text.indexOf(':');
    boolean plain = colon > 0 && SPECIAL_START.indexOf(text.charAt(0)) < 0;
    if (!plain || (colon + 1 < text.length() && text.charAt(colon + 1) != ' ')) {
      throw new NotPlain();
    }
    String key = text.substring(0, colon);
    String rest = text.substring(colon + 1).strip();
    if (map.containsKey(key)) {
      throw new NotPlain();
    }
    at++;
    map.put(key, rest.isEmpty() ? nested(indent) : scalar(rest));
  }

  private Object nested(int indent) {
    if (at == lines.size()) {
      return Json.NULL;
    }
    String next = lines.get(at);
    int deeper = indent(next);
    if (next.startsWith("- ", deeper) && deeper >= indent) {
      return list(deeper);
    }
    return deeper > indent ? map(deeper) : Json.NULL;
  }

  private List<Object> list(int indent) {
    List<Object> list = new ArrayList<>();
    while (at < lines.size()) {
      String line = lines.get(at);
      if (indent(line) != indent || !line.startsWith("- ", indent)) {
        break;
      }
      String rest = line.substring(indent + 2);
      if (rest.startsWith(" ") || rest.startsWith("- ")) {
        throw new NotPlain();
      }
      int colon = rest.indexOf(": ");
      if (colon > 0 || rest.endsWith(":")) {
        lines.set(at, " ".repeat(indent + 2) + rest);
        list.add(map(indent + 2));
      } else {
        at++;
        list.add(scalar(rest));
      }
    }
    return list;
  }

  private Object scalar(String text) {
    if (text.equals("{}")) {
      return new LinkedHashMap<String, Object>();
    }
    if (text.equals("[]")) {
      return new ArrayList<Object>();
    }
    char quote = text.charAt(0);
    if (quote == '"' || quote == '\'') {
      boolean simple =
          text.length() > 1
              && text.indexOf(quote, 1) == text.length() - 1
              && text.indexOf('\\') < 0;
      if (!simple) {
        throw new NotPlain();
      }
      return text.substring(1, text.length() - 1);
    }
    if (text.contains(" #") || text.contains(": ") || text.endsWith(":")) {
      throw new NotPlain();
    }
    if (SPECIAL_START.indexOf(quote) >= 0
        && !(quote == '-' && text.length() > 1 && text.charAt(1) != ' ')) {
      throw new NotPlain();
    }
    return YamlScalar.resolve(text);
  }

  /** The document needs the full reader. */
  private static final class NotPlain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPlain() {
      super(null, null, false, false);
    }
  }
}
