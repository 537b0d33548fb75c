package minik8s.kubectl.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlWriter;
import org.jspecify.annotations.Nullable;

/** Turns whole objects into text, as {@code -o} asks. Confined to one thread. */
public interface ObjectPrinter {
  /** The text for an object or a list, complete with line breaks. */
  String print(Map<String, Object> object);

  /** What the {@code -o} flag allows. */
  String FORMATS =
      "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,"
          + "jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml";

  /** The printer for an {@code -o} value; null for the formats that are a table. */
  static @Nullable ObjectPrinter of(String format, boolean managedFields, boolean headers) {
    int equals = format.indexOf('=');
    String kind = equals < 0 ? format : format.substring(0, equals);
    String rest = equals < 0 ? "" : format.substring(equals + 1);
    return switch (kind) {
      case "", "wide" -> null;
      case "json" -> object -> Json.pretty(clean(object, managedFields)) + "\n";
      case "yaml" -> new YamlDocuments(managedFields);
      case "name" -> ObjectPrinter::names;
      case "jsonpath", "jsonpath-file" -> {
        String template = template(kind, rest);
        JsonPath path = jsonPath(template);
        yield object -> render(path, template, object);
      }
      case "jsonpath-as-json" -> {
        JsonPath path = jsonPath(template(kind, rest));
        yield object -> Json.pretty(path.find(object)) + "\n";
      }
      case "custom-columns", "custom-columns-file" ->
          new CustomColumns(template(kind, rest), headers, kind.endsWith("file"));
      default ->
          throw KubectlException.error(
              "unable to match a printer suitable for the output format \""
                  + format
                  + "\", allowed formats are: "
                  + FORMATS);
    };
  }

  private static String template(String kind, String rest) {
    if (rest.isEmpty()) {
      throw KubectlException.error(
          switch (kind) {
            case "custom-columns" -> "custom-columns format specified but no custom columns given";
            case "custom-columns-file" ->
                "custom-columns-file format specified but no custom columns file given";
            default -> "template format specified but no template given";
          });
    }
    if (!kind.endsWith("-file")) {
      return rest;
    }
    try {
      return Files.readString(Path.of(rest));
    } catch (IOException e) {
      throw KubectlException.error(
          "error reading --template " + rest + ", open " + rest + ": no such file or directory");
    }
  }

  private static JsonPath jsonPath(String template) {
    try {
      return JsonPath.parse(template);
    } catch (IllegalArgumentException e) {
      throw KubectlException.error("error parsing jsonpath " + template + ", " + e.getMessage());
    }
  }

  private static String render(JsonPath path, String template, Map<String, Object> object) {
    try {
      return path.render(object);
    } catch (IllegalArgumentException e) {
      throw KubectlException.error(
          "error executing jsonpath \"" + template + "\": " + e.getMessage());
    }
  }

  /** The object without what only machines care for. */
  static Map<String, Object> clean(Map<String, Object> object, boolean managedFields) {
    if (managedFields) {
      return object;
    }
    Map<String, Object> copy = Tree.copyMap(object);
    Tree.remove(copy, "metadata", "managedFields");
    for (Object item : Tree.list(copy, "items")) {
      Tree.remove(Tree.asMap(item), "metadata", "managedFields");
    }
    return copy;
  }

  private static String names(Map<String, Object> object) {
    if (!(object.get("items") instanceof List<?>)) {
      return name(object) + "\n";
    }
    StringBuilder out = new StringBuilder();
    for (Object item : Tree.list(object, "items")) {
      out.append(name(Tree.asMap(item))).append('\n');
    }
    return out.toString();
  }

  /** An object as {@code kind.group/name}. */
  static String name(Map<String, Object> object) {
    String apiVersion = Tree.text(object, "apiVersion");
    int slash = apiVersion.indexOf('/');
    String kind = Tree.text(object, "kind").toLowerCase(Locale.ROOT);
    return (slash < 0 ? kind : kind + "." + apiVersion.substring(0, slash))
        + "/"
        + Tree.text(object, "metadata", "name");
  }

  /** YAML documents with {@code ---} between them. */
  final class YamlDocuments implements ObjectPrinter {
    private final boolean managedFields;
    private boolean another;

    YamlDocuments(boolean managedFields) {
      this.managedFields = managedFields;
    }

    @Override
    public String print(Map<String, Object> object) {
      String text = YamlWriter.write(clean(object, managedFields));
      String separator = another ? "---\n" : "";
      another = true;
      return separator + text;
    }
  }
}
