package minik8s.kubectl.describe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;

/** The documentation of an OpenAPI schema. Immutable. */
public final class SchemaText {
  private static final String SCHEMAS = "#/components/schemas/";

  private final Map<String, Object> schemas;
  private final boolean recursive;

  /** Documentation with the schemas of one document to look references up in. */
  public SchemaText(Map<String, Object> document, boolean recursive) {
    this.schemas = Tree.map(document, "components", "schemas");
    this.recursive = recursive;
  }

  /** The text for a field behind a path; empty when there is no such field. */
  public String of(Map<String, Object> schema, List<String> path) {
    StringBuilder out = new StringBuilder();
    return follow(schema, path, out, 0) ? out.toString() : "";
  }

  private boolean follow(
      Map<String, Object> schema, List<String> path, StringBuilder out, int depth) {
    if (depth > 50) {
      return false;
    }
    Map<String, Object> resolved = resolve(schema);
    if (path.isEmpty()) {
      page(resolved, out);
      return true;
    }
    Map<String, Object> field = Tree.map(resolved, "properties", path.get(0));
    if (!field.isEmpty()) {
      if (path.size() == 1) {
        out.append("FIELD: ").append(path.get(0)).append(" <").append(type(field)).append(">\n");
        values(field, out);
        out.append("\n\n");
      }
      return follow(field, path.subList(1, path.size()), out, depth + 1);
    }
    for (Map<String, Object> inner : inside(resolved)) {
      if (follow(inner, path, out, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  /** What a schema is made of: items, values of a map, parts. */
  private static List<Map<String, Object>> inside(Map<String, Object> schema) {
    List<Map<String, Object>> out = new ArrayList<>();
    for (String key : List.of("items", "additionalProperties")) {
      if (schema.get(key) instanceof Map<?, ?> map) {
        out.add(Tree.asMap(map));
      }
    }
    for (Object part : Tree.list(schema, "allOf")) {
      out.add(Tree.asMap(part));
    }
    return out;
  }

  private Map<String, Object> resolve(Map<String, Object> schema) {
    String reference = Tree.text(schema, "$ref");
    return reference.startsWith(SCHEMAS)
        ? Tree.map(schemas, reference.substring(SCHEMAS.length()))
        : schema;
  }

  private static void values(Map<String, Object> schema, StringBuilder out) {
    List<Object> values = Tree.list(schema, "enum");
    if (!values.isEmpty()) {
      out.append("ENUM:");
      for (Object value : values) {
        String text = Tree.scalar(value);
        out.append("\n    ").append(text.isEmpty() ? "\"\"" : text);
      }
    }
  }

  private void page(Map<String, Object> schema, StringBuilder out) {
    List<String> paragraphs = new ArrayList<>();
    descriptions(schema, paragraphs, 0);
    String description = String.join("\n", paragraphs);
    out.append("DESCRIPTION:\n");
    out.append(Wrapping.wrap(description.isEmpty() ? "<empty>" : description + "\n", 76, 4))
        .append('\n');
    StringBuilder fields = new StringBuilder();
    fields(schema, 1, new HashSet<>(), fields);
    if (!fields.isEmpty()) {
      out.append("FIELDS:\n").append(fields);
    }
  }

  private void descriptions(Map<String, Object> schema, List<String> out, int depth) {
    Map<String, Object> resolved = resolve(schema);
    String own = Tree.text(resolved, "description");
    if (!own.isEmpty()) {
      out.add(own);
    }
    if (depth < 10) {
      for (Object part : Tree.list(resolved, "allOf")) {
        descriptions(Tree.asMap(part), out, depth + 1);
      }
      for (String key : List.of("items", "additionalProperties")) {
        if (resolved.get(key) instanceof Map<?, ?> map) {
          descriptions(Tree.asMap(map), out, depth + 1);
        }
      }
    }
  }

  private void fields(Map<String, Object> schema, int level, Set<String> seen, StringBuilder out) {
    String reference = Tree.text(schema, "$ref");
    if (!reference.isEmpty() && seen.contains(reference)) {
      return;
    }
    Set<String> here = new HashSet<>(seen);
    here.add(reference);
    Map<String, Object> resolved = resolve(schema);
    for (Map.Entry<String, Object> field :
        new TreeMap<>(Tree.map(resolved, "properties")).entrySet()) {
      Map<String, Object> inner = Tree.asMap(field.getValue());
      field(field.getKey(), inner, Tree.list(resolved, "required"), level, out);
      if (recursive) {
        fields(inner, level + 1, here, out);
      }
    }
    for (Map<String, Object> inner : inside(resolved)) {
      fields(inner, level, here, out);
    }
  }

  private void field(
      String name,
      Map<String, Object> schema,
      List<Object> required,
      int level,
      StringBuilder out) {
    int indent = level * 2;
    out.repeat(' ', indent).append(name).append("\t<").append(type(schema)).append('>');
    out.append(required.contains(name) ? " -required-" : "");
    List<Object> values = Tree.list(schema, "enum");
    if (!values.isEmpty()) {
      out.append('\n').repeat(' ', indent).append("enum: ");
      for (int i = 0; i < values.size() && i <= 4; i++) {
        String text = Tree.scalar(values.get(i));
        out.append(i == 4 ? ", ...." : (i == 0 ? "" : ", ") + (text.isEmpty() ? "\"\"" : text));
      }
    }
    out.append('\n');
    if (!recursive) {
      String description = Tree.text(schema, "description");
      out.append(
              Wrapping.wrap(
                  description.isEmpty() ? "<no description>" : description,
                  78 - indent,
                  indent + 2))
          .append("\n\n");
    }
  }

  private String type(Map<String, Object> schema) {
    if (schema.get("items") instanceof Map<?, ?> items) {
      return "[]" + type(Tree.asMap(items));
    }
    if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
      return "map[string]" + type(Tree.asMap(values));
    }
    List<Object> parts = Tree.list(schema, "allOf");
    if (parts.size() == 1 && !schema.containsKey("properties")) {
      return type(Tree.asMap(parts.get(0)));
    }
    String reference = Tree.text(schema, "$ref");
    if (!reference.isEmpty()) {
      String inner = Tree.text(resolve(schema), "type");
      return inner.isEmpty() || inner.equals("object")
          ? reference.substring(reference.lastIndexOf('.') + 1)
          : inner;
    }
    String type = Tree.text(schema, "type");
    return type.isEmpty() || type.equals("object") ? "Object" : type;
  }
}
