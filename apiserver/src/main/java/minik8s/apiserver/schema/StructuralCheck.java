package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import minik8s.api.Failure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks that a custom schema is structural, and words what is wrong as Kubernetes does. Confined
 * to a call.
 */
final class StructuralCheck {
  private static final Set<String> TYPES =
      new TreeSet<>(Set.of("array", "boolean", "integer", "number", "object", "string"));
  private static final Set<String> LIST_TYPES = new TreeSet<>(Set.of("atomic", "map", "set"));

  private final List<Failure.Cause> causes = new ArrayList<>();

  /** What is wrong, in the order of the walk. */
  List<Failure.Cause> causes() {
    return causes;
  }

  /** Checks the schema of one version. */
  void root(JsonNode schema, String path) {
    String type = schema.path("type").asString("");
    if (type.isEmpty()) {
      required(path + ".type", "must not be empty at the root");
    } else if (!type.equals("object")) {
      invalid(path + ".type", type, "must be object at the root");
    }
    if (isTrue(schema, "nullable")) {
      forbidden(path + ".nullable", "nullable cannot be true at the root");
    }
    if (schema.path("additionalProperties").isObject()) {
      forbidden(path + ".additionalProperties", "must not be used at the root");
    }
    metadata(schema.path("properties").get("metadata"), path + ".properties[metadata]");
    constraints(schema, path);
    children(schema, path);
  }

  /** What is asked for and not done. */
  static void warnings(JsonNode schema, String path, List<String> into) {
    if (schema.path("x-kubernetes-validations").size() > 0) {
      into.add(
          path
              + ".x-kubernetes-validations: CEL rules are stored but not enforced by this API"
              + " server");
    }
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      warnings(entry.getValue(), path + ".properties[" + entry.getKey() + "]", into);
    }
    for (String name : List.of("items", "additionalProperties")) {
      if (schema.path(name).isObject()) {
        warnings(schema.get(name), path + "." + name, into);
      }
    }
  }

  private void value(JsonNode schema, String path, String what) {
    String type = schema.path("type").asString("");
    boolean untyped =
        isTrue(schema, "x-kubernetes-int-or-string")
            || isTrue(schema, "x-kubernetes-preserve-unknown-fields");
    if (type.isEmpty() && !untyped) {
      required(path + ".type", "must not be empty for specified " + what);
    } else if (!type.isEmpty() && isTrue(schema, "x-kubernetes-int-or-string")) {
      invalid(path + ".type", type, "must be empty if x-kubernetes-int-or-string is true");
    } else if (!type.isEmpty() && !TYPES.contains(type)) {
      unsupported(path + ".type", type, TYPES);
    }
    if (isTrue(schema, "x-kubernetes-embedded-resource") && !type.equals("object")) {
      invalid(path + ".type", type, "must be object if x-kubernetes-embedded-resource is true");
    }
    constraints(schema, path);
    children(schema, path);
  }

  private void children(JsonNode schema, String path) {
    if (schema.path("type").asString("").equals("array") && !schema.path("items").isObject()) {
      required(path + ".items", "must be specified");
    }
    if (schema.path("items").isArray()) {
      forbidden(path + ".items", "items must be a schema object and not an array");
    } else if (schema.path("items").isObject()) {
      value(schema.get("items"), path + ".items", "array items");
    }
    JsonNode additional = schema.get("additionalProperties");
    if (additional != null && additional.isObject()) {
      if (schema.path("properties").size() > 0) {
        forbidden(
            path + ".additionalProperties",
            "additionalProperties and properties are mutual exclusive");
      }
      value(additional, path + ".additionalProperties", "object fields");
    } else if (additional != null && additional.isBoolean() && !additional.booleanValue()) {
      forbidden(path + ".additionalProperties", "additionalProperties cannot be set to false");
    }
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      value(entry.getValue(), path + ".properties[" + entry.getKey() + "]", "object fields");
    }
    for (String name : List.of("allOf", "anyOf", "oneOf")) {
      JsonNode parts = schema.path(name);
      for (int i = 0; i < parts.size(); i++) {
        nested(parts.get(i), path + "." + name + "[" + i + "]", intOrString(schema, name));
      }
    }
    if (schema.path("not").isObject()) {
      nested(schema.get("not"), path + ".not", false);
    }
  }

  /** Only int-or-string may say types inside {@code anyOf}. */
  private static boolean intOrString(JsonNode schema, String name) {
    return isTrue(schema, "x-kubernetes-int-or-string") && !name.equals("oneOf");
  }

  /** Parts of logical junctors: values are checked there, structure is not described there. */
  private void nested(JsonNode schema, String path, boolean typesAllowed) {
    if (schema.has("type") && !typesAllowed) {
      forbidden(path + ".type", "must be empty to be structural");
    }
    for (String name :
        List.of(
            "description",
            "default",
            "nullable",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string")) {
      JsonNode value = schema.get(name);
      if (value != null && !value.asString("").isEmpty() && !value.asString("").equals("false")) {
        forbidden(
            path + "." + name,
            name.startsWith("x-")
                ? "must be false to be structural"
                : "must be empty to be structural");
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      forbidden(path + ".additionalProperties", "must be undefined to be structural");
    }
    pattern(schema, path);
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      nested(entry.getValue(), path + ".properties[" + entry.getKey() + "]", false);
    }
    if (schema.path("items").isObject()) {
      nested(schema.get("items"), path + ".items", false);
    }
    for (String name : List.of("allOf", "anyOf", "oneOf")) {
      JsonNode parts = schema.path(name);
      for (int i = 0; i < parts.size(); i++) {
        nested(parts.get(i), path + "." + name + "[" + i + "]", typesAllowed);
      }
    }
  }

  private void constraints(JsonNode schema, String path) {
    pattern(schema, path);
    if (schema.has("$ref")) {
      forbidden(path + ".$ref", "$ref is not supported");
    }
    if (isTrue(schema, "uniqueItems")) {
      forbidden(
          path + ".uniqueItems",
          "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    for (String name : List.of("definitions", "dependencies", "patternProperties")) {
      if (schema.path(name).size() > 0) {
        forbidden(path + "." + name, name + " is not supported");
      }
    }
    JsonNode preserve = schema.get("x-kubernetes-preserve-unknown-fields");
    if (preserve != null && preserve.isBoolean() && !preserve.booleanValue()) {
      add(
          "FieldValueInvalid",
          path + ".x-kubernetes-preserve-unknown-fields",
          "Invalid value: false: must be true or undefined");
    }
    listType(schema, path);
    JsonNode fallback = schema.get("default");
    if (fallback != null && !fallback.isNull()) {
      CustomValidator validator = new CustomValidator();
      validator.validate(fallback, JsonSchema.parse(schema), "default");
      for (Failure.Cause cause : validator.causes()) {
        causes.add(new Failure.Cause(cause.reason(), cause.message(), path + "." + cause.field()));
      }
    }
  }

  private void pattern(JsonNode schema, String path) {
    String pattern = schema.path("pattern").asString("");
    if (!pattern.isEmpty() && JsonSchema.compile(pattern) == null) {
      invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't");
    }
  }

  private void listType(JsonNode schema, String path) {
    String type = schema.path("x-kubernetes-list-type").asString("");
    JsonNode keys = schema.path("x-kubernetes-list-map-keys");
    if (!type.isEmpty() && !LIST_TYPES.contains(type)) {
      unsupported(path + ".x-kubernetes-list-type", type, LIST_TYPES);
    }
    if (!type.isEmpty() && !schema.path("type").asString("").equals("array")) {
      String own = schema.path("type").asString("");
      invalid(path + ".type", own, "must be array if x-kubernetes-list-type is specified");
    }
    if (type.equals("map") && keys.isEmpty()) {
      required(
          path + ".x-kubernetes-list-map-keys",
          "must not be empty if x-kubernetes-list-type is map");
    }
    if (!type.equals("map") && !keys.isEmpty()) {
      forbidden(
          path + ".x-kubernetes-list-map-keys",
          "must be omitted unless x-kubernetes-list-type is map");
    }
    JsonNode properties = schema.path("items").path("properties");
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i).asString("");
      if (!properties.has(key)) {
        invalid(
            path + ".x-kubernetes-list-map-keys[" + i + "]",
            key,
            "must be the name of a property of the list's items");
      }
    }
  }

  private void metadata(@Nullable JsonNode schema, String path) {
    if (schema == null) {
      return;
    }
    if (!schema.path("type").asString("object").equals("object")) {
      invalid(path + ".type", schema.path("type").asString(""), "must be object");
    }
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      if (!entry.getKey().equals("name") && !entry.getKey().equals("generateName")) {
        forbidden(
            path,
            "must not specify anything other than name and generateName, but metadata is"
                + " implicitly specified");
        return;
      }
    }
  }

  private static boolean isTrue(JsonNode schema, String name) {
    return schema.path(name).asBoolean(false);
  }

  private void required(String path, String why) {
    add("FieldValueRequired", path, "Required value: " + why);
  }

  private void forbidden(String path, String why) {
    add("FieldValueForbidden", path, "Forbidden: " + why);
  }

  private void invalid(String path, String value, String why) {
    add("FieldValueInvalid", path, "Invalid value: " + GoText.quote(value) + ": " + why);
  }

  private void unsupported(String path, String value, Set<String> supported) {
    String list = supported.stream().map(GoText::quote).collect(Collectors.joining(", "));
    add(
        "FieldValueNotSupported",
        path,
        "Unsupported value: " + GoText.quote(value) + ": supported values: " + list);
  }

  private void add(String reason, String path, String message) {
    causes.add(new Failure.Cause(reason, message, path));
  }
}
