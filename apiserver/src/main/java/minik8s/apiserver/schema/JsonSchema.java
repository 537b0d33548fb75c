package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A custom schema ready for use: patterns compiled, parts resolved. Immutable.
 *
 * @param type empty where any type goes
 * @param additional the schema of fields that {@code properties} does not name
 * @param fallback the default value
 * @param limits the plain numeric and boolean constraints, by their names in the schema
 */
record JsonSchema(
    String type,
    String format,
    boolean nullable,
    boolean preserveUnknown,
    boolean intOrString,
    boolean embedded,
    Map<String, JsonSchema> properties,
    @Nullable JsonSchema additional,
    @Nullable JsonSchema items,
    @Nullable JsonNode fallback,
    List<String> required,
    List<JsonNode> values,
    @Nullable Pattern pattern,
    String patternText,
    Map<String, JsonNode> limits,
    List<JsonSchema> allOf,
    List<JsonSchema> anyOf,
    List<JsonSchema> oneOf,
    @Nullable JsonSchema not,
    String listType,
    List<String> listKeys) {

  private static final ObjectNode ANYTHING =
      Json.object().put("x-kubernetes-preserve-unknown-fields", true);
  private static final Pattern POSIX_CLASS = Pattern.compile("\\[:([a-z]+):]");
  private static final Map<String, String> POSIX_CLASSES =
      Map.of(
          "alnum", "\\\\p{Alnum}",
          "alpha", "\\\\p{Alpha}",
          "digit", "0-9",
          "lower", "a-z",
          "upper", "A-Z",
          "space", "\\\\s",
          "punct", "\\\\p{Punct}",
          "word", "\\\\w",
          "xdigit", "0-9A-Fa-f");
  private static final List<String> LIMITS =
      List.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties");

  /** Reads a schema; what it cannot use is ignored, the definition was checked at its creation. */
  static JsonSchema parse(JsonNode node) {
    Map<String, JsonSchema> properties = new LinkedHashMap<>();
    node.path("properties")
        .properties()
        .forEach(e -> properties.put(e.getKey(), parse(e.getValue())));
    Map<String, JsonNode> limits = new LinkedHashMap<>();
    for (String name : LIMITS) {
      JsonNode limit = node.get(name);
      if (limit != null && !limit.isNull()) {
        limits.put(name, limit);
      }
    }
    JsonNode fallback = node.get("default");
    String pattern = node.path("pattern").asString("");
    return new JsonSchema(
        node.path("type").asString(""),
        node.path("format").asString(""),
        flag(node, "nullable"),
        flag(node, "x-kubernetes-preserve-unknown-fields"),
        flag(node, "x-kubernetes-int-or-string"),
        flag(node, "x-kubernetes-embedded-resource"),
        properties,
        additional(node.get("additionalProperties")),
        optional(node.get("items")),
        fallback == null || fallback.isNull() ? null : fallback,
        node.path("required").valueStream().map(JsonNode::asString).toList(),
        node.path("enum").valueStream().toList(),
        pattern.isEmpty() ? null : compile(pattern),
        pattern,
        limits,
        list(node.get("allOf")),
        list(node.get("anyOf")),
        list(node.get("oneOf")),
        optional(node.get("not")),
        node.path("x-kubernetes-list-type").asString(""),
        node.path("x-kubernetes-list-map-keys").valueStream().map(JsonNode::asString).toList());
  }

  /** Compiles a pattern written for Go; null if it does not compile. */
  static @Nullable Pattern compile(String pattern) {
    try {
      String named = pattern.replace("(?P<", "(?<");
      return Pattern.compile(
          POSIX_CLASS
              .matcher(named)
              .replaceAll(m -> POSIX_CLASSES.getOrDefault(m.group(1), m.group(1))));
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  private static boolean flag(JsonNode node, String name) {
    return node.path(name).asBoolean(false);
  }

  /** {@code true} admits anything below. */
  private static @Nullable JsonSchema additional(@Nullable JsonNode node) {
    return node != null && node.isBoolean() && node.booleanValue()
        ? parse(ANYTHING)
        : optional(node);
  }

  private static @Nullable JsonSchema optional(@Nullable JsonNode node) {
    if (node instanceof ObjectNode object) {
      return parse(object);
    }
    return null;
  }

  private static List<JsonSchema> list(@Nullable JsonNode node) {
    List<JsonSchema> schemas = new ArrayList<>();
    if (node != null) {
      node.forEach(part -> schemas.add(parse(part)));
    }
    return List.copyOf(schemas);
  }

  /** The schema of a field, or null if the schema does not know it. */
  @Nullable JsonSchema field(String name) {
    JsonSchema own = properties.get(name);
    return own == null ? additional : own;
  }
}
