package minik8s.kubectl.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/**
 * A JSONPath template of kubectl's dialect: text with expressions in braces, {@code range} and
 * {@code end}, filters, slices, unions and recursive descent. Immutable.
 */
public final class JsonPath {
  private final List<Part> parts;

  private JsonPath(List<Part> parts) {
    this.parts = parts;
  }

  /** A piece of a template. */
  sealed interface Part {
    /** Literal text. */
    record Text(String text) implements Part {}

    /** An expression whose results are printed. */
    record Path(List<Step> steps) implements Part {}

    /** Parts repeated for each result of an expression. */
    record Range(List<Step> over, List<Part> body) implements Part {}
  }

  /** Reads a template; throws {@link IllegalArgumentException} with a reason. */
  public static JsonPath parse(String template) {
    return new JsonPath(new JsonPathReader(template).template());
  }

  /** Reads an expression that may lack its braces and leading dot, as {@code --sort-by} allows. */
  public static JsonPath relaxed(String expression) {
    String text = expression;
    if (text.startsWith("{") && text.endsWith("}")) {
      text = text.substring(1, text.length() - 1);
    }
    if (text.isEmpty() || text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
      throw new IllegalArgumentException(
          "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or"
              + " '{.name1.name2}'");
    }
    return parse("{" + (text.startsWith(".") || text.startsWith("[") ? "" : ".") + text + "}");
  }

  /** The values that the template's expressions find, without its text. */
  public List<Object> find(Object root) {
    List<Object> out = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Path path) {
        out.addAll(Step.walk(path.steps(), root, root));
      }
    }
    return out;
  }

  /** The template filled in. */
  public String render(Object root) {
    StringBuilder out = new StringBuilder();
    render(parts, root, root, out);
    return out.toString();
  }

  private static void render(List<Part> parts, Object root, Object here, StringBuilder out) {
    for (Part part : parts) {
      switch (part) {
        case Part.Text text -> out.append(text.text());
        case Part.Path path -> values(Step.walk(path.steps(), root, here), out);
        case Part.Range range -> {
          for (Object item : Step.walk(range.over(), root, here)) {
            render(range.body(), root, item, out);
          }
        }
      }
    }
  }

  private static void values(List<Object> values, StringBuilder out) {
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : " ").append(text(values.get(i)));
    }
  }

  /** A value as the printer shows it: scalars plain, the rest as JSON. */
  static String text(Object value) {
    return value instanceof Map<?, ?> || value instanceof List<?>
        ? Json.compact(value)
        : value == Json.NULL ? "" : Tree.scalar(value);
  }
}
