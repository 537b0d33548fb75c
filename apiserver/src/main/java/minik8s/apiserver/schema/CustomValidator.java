package minik8s.apiserver.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a value against a custom schema and words what is wrong as Kubernetes does. Confined to a
 * call.
 */
final class CustomValidator {
  private final List<Failure.Cause> causes = new ArrayList<>();

  /** What is wrong, in the order of the walk. */
  List<Failure.Cause> causes() {
    return causes;
  }

  void validate(JsonNode value, JsonSchema schema, String path) {
    if (value.isNull() && schema.nullable()) {
      return;
    }
    if (!typeMatches(value, schema)) {
      String wanted = schema.intOrString() ? "integer,string" : schema.type();
      wrongType(path, typeName(value), wanted, '"' + typeName(value) + '"');
      return;
    }
    if (!schema.values().isEmpty() && schema.values().stream().noneMatch(v -> same(v, value))) {
      unsupported(value, schema, path);
    }
    if (value.isString()) {
      string(value.asString(), schema, path);
    } else if (value.isNumber()) {
      number(value, schema, path);
    } else if (value instanceof ArrayNode list) {
      list(list, schema, path);
    } else if (value instanceof ObjectNode object) {
      object(object, schema, path);
    }
    composed(value, schema, path);
  }

  private void string(String text, JsonSchema schema, String path) {
    int length = text.codePointCount(0, text.length());
    int max = limit(schema, "maxLength", Integer.MAX_VALUE);
    if (length > max) {
      add("FieldValueTooLong", path, "Too long: may not be more than " + max + " bytes");
    }
    int min = limit(schema, "minLength", 0);
    if (length < min) {
      invalid(path, GoText.quote(text), "should be at least " + min + " chars long");
    }
    if (schema.pattern() != null && !schema.pattern().matcher(text).find()) {
      invalid(path, GoText.quote(text), "should match '" + schema.patternText() + "'");
    }
    if (!schema.format().isEmpty() && !Formats.matches(schema.format(), text)) {
      wrongType(path, text, schema.format(), GoText.quote(text));
    }
  }

  private void number(JsonNode value, JsonSchema schema, String path) {
    BigDecimal number = value.decimalValue();
    boolean above = flag(schema, "exclusiveMinimum");
    bound(number, schema, path, "minimum", n -> above ? n > 0 : n >= 0, above);
    boolean below = flag(schema, "exclusiveMaximum");
    bound(number, schema, path, "maximum", n -> below ? n < 0 : n <= 0, below);
    JsonNode factor = schema.limits().get("multipleOf");
    if (factor != null
        && factor.decimalValue().signum() != 0
        && number.remainder(factor.decimalValue()).signum() != 0) {
      invalid(path, value.asString(), "should be a multiple of " + factor.asString());
    }
  }

  private void bound(
      BigDecimal number,
      JsonSchema schema,
      String path,
      String name,
      IntPredicate holds,
      boolean exclusive) {
    JsonNode limit = schema.limits().get(name);
    if (limit == null || holds.test(number.compareTo(limit.decimalValue()))) {
      return;
    }
    String relation = name.equals("minimum") ? "greater than" : "less than";
    invalid(
        path,
        number.toPlainString(),
        "should be " + relation + (exclusive ? " " : " or equal to ") + limit.asString());
  }

  private void list(ArrayNode list, JsonSchema schema, String path) {
    int min = limit(schema, "minItems", 0);
    if (list.size() < min) {
      invalid(path, Json.string(list), "should have at least " + min + " items");
    }
    tooMany(list.size(), limit(schema, "maxItems", Integer.MAX_VALUE), path);
    if (flag(schema, "uniqueItems")
        && new HashSet<>(list.valueStream().toList()).size() < list.size()) {
      invalid(path, Json.string(list), "shouldn't contain duplicates");
    }
    if (schema.items() != null) {
      for (int i = 0; i < list.size(); i++) {
        validate(list.get(i), schema.items(), path + "[" + i + "]");
      }
    }
    duplicates(list, schema, path);
  }

  private void duplicates(ArrayNode list, JsonSchema schema, String path) {
    if (!schema.listType().equals("set") && !schema.listType().equals("map")) {
      return;
    }
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode key = list.get(i);
      if (schema.listType().equals("map") && key.isObject()) {
        ObjectNode keys = Json.object();
        for (String name : schema.listKeys()) {
          if (key.has(name)) {
            keys.set(name, key.get(name));
          }
        }
        key = keys;
      }
      if (!seen.add(key)) {
        add("FieldValueDuplicate", path + "[" + i + "]", "Duplicate value: " + Json.string(key));
      }
    }
  }

  private void object(ObjectNode object, JsonSchema schema, String path) {
    for (String name : schema.required()) {
      if (!object.has(name)) {
        add("FieldValueRequired", child(path, name), "Required value");
      }
    }
    int min = limit(schema, "minProperties", 0);
    if (object.size() < min) {
      invalid(path, Json.string(object), "should have at least " + min + " properties");
    }
    tooMany(object.size(), limit(schema, "maxProperties", Integer.MAX_VALUE), path);
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      JsonSchema field = schema.field(entry.getKey());
      if (field != null) {
        validate(entry.getValue(), field, child(path, entry.getKey()));
      }
    }
  }

  private void composed(JsonNode value, JsonSchema schema, String path) {
    String quoted = GoText.quote(path);
    boolean failed = false;
    for (JsonSchema part : schema.allOf()) {
      List<Failure.Cause> found = tryOut(value, part, path);
      causes.addAll(found);
      failed |= !found.isEmpty();
    }
    if (failed) {
      composite(path, quoted + " must validate all the schemas (allOf)");
    }
    if (!schema.anyOf().isEmpty() && matches(value, schema.anyOf(), path) == 0) {
      composite(path, quoted + " must validate at least one schema (anyOf)");
      causes.addAll(best(value, schema.anyOf(), path));
    }
    if (!schema.oneOf().isEmpty()) {
      long matching = matches(value, schema.oneOf(), path);
      String rule = quoted + " must validate one and only one schema (oneOf). ";
      if (matching == 0) {
        composite(path, rule + "Found none valid");
        causes.addAll(best(value, schema.oneOf(), path));
      } else if (matching > 1) {
        composite(path, rule + "Found " + matching + " valid alternatives");
      }
    }
    if (schema.not() != null && tryOut(value, schema.not(), path).isEmpty()) {
      composite(path, quoted + " must not validate the schema (not)");
    }
  }

  private static List<Failure.Cause> tryOut(JsonNode value, JsonSchema schema, String path) {
    CustomValidator inner = new CustomValidator();
    inner.validate(value, schema, path);
    return inner.causes();
  }

  private static long matches(JsonNode value, List<JsonSchema> schemas, String path) {
    return schemas.stream().filter(part -> tryOut(value, part, path).isEmpty()).count();
  }

  /** What the alternative that comes closest complains about. */
  private static List<Failure.Cause> best(JsonNode value, List<JsonSchema> schemas, String path) {
    return schemas.stream()
        .map(part -> tryOut(value, part, path))
        .min(java.util.Comparator.comparingInt(List::size))
        .orElse(List.of());
  }

  private static boolean typeMatches(JsonNode value, JsonSchema schema) {
    if (schema.intOrString()) {
      return value.isString() || integer(value);
    }
    return switch (schema.type()) {
      case "string" -> value.isString();
      case "integer" -> integer(value);
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> true;
    };
  }

  private static boolean integer(JsonNode value) {
    return value.isIntegralNumber()
        || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
  }

  private static String typeName(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> integer(value) ? "integer" : "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case NULL -> "null";
      default -> "object";
    };
  }

  private static boolean same(JsonNode allowed, JsonNode value) {
    return allowed.equals(value)
        || (allowed.isNumber()
            && value.isNumber()
            && allowed.decimalValue().compareTo(value.decimalValue()) == 0);
  }

  private static int limit(JsonSchema schema, String name, int otherwise) {
    JsonNode limit = schema.limits().get(name);
    return limit == null ? otherwise : limit.asInt(otherwise);
  }

  private static boolean flag(JsonSchema schema, String name) {
    JsonNode flag = schema.limits().get(name);
    return flag != null && flag.asBoolean(false);
  }

  static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void unsupported(JsonNode value, JsonSchema schema, String path) {
    String supported =
        schema.values().stream()
            .map(allowed -> allowed.isString() ? allowed.asString() : Json.string(allowed))
            .map(GoText::quote)
            .collect(Collectors.joining(", "));
    String shown = value.isString() ? GoText.quote(value.asString()) : Json.string(value);
    add(
        "FieldValueNotSupported",
        path,
        "Unsupported value: " + shown + ": supported values: " + supported);
  }

  private void tooMany(int size, int max, String path) {
    if (size > max) {
      String items = max == 1 ? " item" : " items";
      add("FieldValueTooMany", path, "Too many: " + size + ": must have at most " + max + items);
    }
  }

  private void wrongType(String path, String value, String wanted, String shown) {
    String where = path.isEmpty() ? "<nil>" : path;
    add(
        "FieldValueTypeInvalid",
        where,
        "Invalid value: "
            + GoText.quote(value)
            + ": "
            + (path.isEmpty() ? "" : path + " ")
            + "in body must be of type "
            + wanted
            + ": "
            + shown);
  }

  private void invalid(String path, String shown, String rule) {
    add("FieldValueInvalid", path, "Invalid value: " + shown + ": " + path + " in body " + rule);
  }

  private void composite(String path, String rule) {
    add("FieldValueInvalid", path.isEmpty() ? "<nil>" : path, "Invalid value: \"\": " + rule);
  }

  private void add(String reason, String path, String message) {
    causes.add(new Failure.Cause(reason, message, path));
  }
}
