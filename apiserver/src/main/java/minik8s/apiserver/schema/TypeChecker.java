package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * One walk over one document of a built-in kind: refuses wrong types, removes unknown fields, nulls
 * and empty collections, and rewrites amounts and times in their canonical form. Confined to a
 * call.
 *
 * <p>Empty lists and maps go because Kubernetes' storage cannot tell them from absent ones; empty
 * objects stay.
 */
final class TypeChecker {
  private final TypeTable table;
  private final List<String> unknown = new ArrayList<>();

  TypeChecker(TypeTable table) {
    this.table = table;
  }

  /** The unknown fields found so far: {@code unknown field "spec.foo"}. */
  List<String> unknown() {
    return unknown;
  }

  /**
   * Checks an object in place.
   *
   * @throws TypeMismatch at the first value of a wrong type
   */
  void object(ObjectNode node, ObjectType type, Path path) {
    Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      String name = entry.getKey();
      JsonNode value = entry.getValue();
      Field field = type.field(name);
      if (field == null) {
        if (type.typeMeta() && (name.equals("apiVersion") || name.equals("kind"))) {
          if (!value.isString()) {
            throw mismatch(value, type, path.field(name), "string");
          }
        } else {
          unknown.add("unknown field \"" + path.field(name) + "\"");
          entries.remove();
        }
        continue;
      }
      JsonNode checked = value.isNull() ? null : field(value, field, type, path);
      if (checked == null) {
        entries.remove();
      } else {
        entry.setValue(checked);
      }
    }
  }

  /** The value as it is stored, or null if it counts as absent. */
  private @Nullable JsonNode field(JsonNode value, Field field, ObjectType owner, Path parent) {
    FieldType type = field.type();
    if (type.shape() == FieldType.Shape.ONE) {
      return one(value, type, owner, parent.field(field.name()));
    }
    Path path = parent.field(field.name());
    if (type.shape() == FieldType.Shape.LIST) {
      if (!(value instanceof ArrayNode list)) {
        throw mismatch(value, owner, path, type.go());
      }
      elements(list, type, owner, path);
      return list.isEmpty() ? null : list;
    }
    if (!(value instanceof ObjectNode map)) {
      throw mismatch(value, owner, path, type.go());
    }
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode old = entry.getValue();
      JsonNode checked =
          old.isNull() ? zero(type.scalar()) : one(old, type, owner, path.key(entry.getKey()));
      if (checked != null) {
        entry.setValue(checked);
      }
    }
    return map.isEmpty() ? null : map;
  }

  private void elements(ArrayNode list, FieldType type, ObjectType owner, Path path) {
    for (int i = 0; i < list.size(); i++) {
      JsonNode old = list.get(i);
      JsonNode checked =
          old.isNull() ? zero(type.scalar()) : one(old, type, owner, path.element(i));
      if (checked != null) {
        list.set(i, checked);
      }
    }
  }

  private @Nullable JsonNode one(JsonNode value, FieldType type, ObjectType owner, Path path) {
    switch (type.scalar()) {
      case STRING -> require(value.isString(), value, type, owner, path);
      case BOOL -> require(value.isBoolean(), value, type, owner, path);
      case DOUBLE -> require(value.isNumber(), value, type, owner, path);
      case INT32, INT64 -> integer(value, type, owner, path);
      case BYTES -> {
        require(value.isString(), value, type, owner, path);
        return bytes(value, path);
      }
      case QUANTITY -> {
        return quantity(value, path);
      }
      case TIME, MICROTIME -> {
        return time(value, type.scalar() == FieldType.Scalar.MICROTIME, path);
      }
      case INTSTR -> intOrString(value, path);
      case DURATION -> require(value.isString(), value, type, owner, path);
      case RAW, JSON -> {}
      case STRINGS -> {
        require(value.isArray(), value, type, owner, path);
        elements((ArrayNode) value, STRING, owner, path);
      }
      case SCHEMAORBOOL, SCHEMAORARRAY, SCHEMAORSTRINGS -> schemaOr(value, type, owner, path);
      case OBJECT -> {
        if (!(value instanceof ObjectNode object)) {
          throw mismatch(value, owner, path, type.goElement());
        }
        object(object, table.type(type.ref()), path);
      }
    }
    return value;
  }

  private static final FieldType STRING =
      new FieldType(FieldType.Shape.ONE, FieldType.Scalar.STRING, "");

  private void schemaOr(JsonNode value, FieldType type, ObjectType owner, Path path) {
    if (value instanceof ObjectNode object) {
      object(object, table.type("apiextensions.v1.JSONSchemaProps"), path);
      return;
    }
    switch (type.scalar()) {
      case SCHEMAORBOOL -> require(value.isBoolean(), value, type, owner, path);
      case SCHEMAORARRAY -> {
        require(value.isArray(), value, type, owner, path);
        FieldType element =
            new FieldType(
                FieldType.Shape.ONE, FieldType.Scalar.OBJECT, "apiextensions.v1.JSONSchemaProps");
        elements((ArrayNode) value, element, owner, path);
      }
      default -> {
        require(value.isArray(), value, type, owner, path);
        elements((ArrayNode) value, STRING, owner, path);
      }
    }
  }

  private static void integer(JsonNode value, FieldType type, ObjectType owner, Path path) {
    boolean fits =
        type.scalar() == FieldType.Scalar.INT32
            ? value.isIntegralNumber() && value.canConvertToInt()
            : value.isIntegralNumber() && value.canConvertToLong();
    if (!fits) {
      String shown = value.isNumber() ? "number " + value.asString() : GoText.jsonType(value);
      throw mismatch(shown, owner, path, type.goElement());
    }
  }

  private static JsonNode quantity(JsonNode value, Path path) {
    if (!value.isString() && !value.isNumber()) {
      throw at(path, Quantities.RULE);
    }
    String text = value.asString();
    try {
      String canonical = Quantities.canonical(text.strip());
      return value.isString() && canonical.equals(text) ? value : StringNode.valueOf(canonical);
    } catch (IllegalArgumentException e) {
      throw at(path, String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode time(JsonNode value, boolean micro, Path path) {
    if (!value.isString()) {
      throw new TypeMismatch(
          "json: cannot unmarshal "
              + GoText.jsonType(value)
              + " into Go value of type string (at "
              + path
              + ")");
    }
    try {
      String canonical = Times.canonical(value.asString(), micro);
      return canonical.equals(value.asString()) ? value : StringNode.valueOf(canonical);
    } catch (IllegalArgumentException e) {
      throw at(path, String.valueOf(e.getMessage()));
    }
  }

  private static void intOrString(JsonNode value, Path path) {
    if (!value.isString() && !(value.isIntegralNumber() && value.canConvertToInt())) {
      String shown = value.isNumber() ? "number " + value.asString() : GoText.jsonType(value);
      throw at(path, "json: cannot unmarshal " + shown + " into Go value of type int32");
    }
  }

  private static JsonNode bytes(JsonNode value, Path path) {
    String text = value.asString();
    int bad = Base64Text.firstIllegal(text);
    if (bad >= 0) {
      throw at(path, "illegal base64 data at input byte " + bad);
    }
    String plain = Base64Text.withoutLineBreaks(text);
    return plain.length() == text.length() ? value : StringNode.valueOf(plain);
  }

  /** What Go makes of a null among the elements of a list or the values of a map. */
  private static JsonNode zero(FieldType.Scalar scalar) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (scalar) {
      case BOOL -> nodes.booleanNode(false);
      case INT32, INT64, DOUBLE, INTSTR -> nodes.numberNode(0);
      case QUANTITY -> nodes.stringNode("0");
      case OBJECT, SCHEMAORARRAY, SCHEMAORBOOL, SCHEMAORSTRINGS -> nodes.objectNode();
      case STRINGS -> nodes.arrayNode();
      case RAW, JSON, TIME, MICROTIME -> nodes.nullNode();
      case STRING, BYTES, DURATION -> nodes.stringNode("");
    };
  }

  private static void require(
      boolean holds, JsonNode value, FieldType type, ObjectType owner, Path path) {
    if (!holds) {
      throw mismatch(value, owner, path, type.goElement());
    }
  }

  private static TypeMismatch at(Path path, String message) {
    return new TypeMismatch(message + " (at " + path + ")");
  }

  private static TypeMismatch mismatch(JsonNode value, ObjectType owner, Path path, String go) {
    return mismatch(GoText.jsonType(value), owner, path, go);
  }

  private static TypeMismatch mismatch(String shown, ObjectType owner, Path path, String go) {
    return new TypeMismatch(
        "json: cannot unmarshal "
            + shown
            + " into Go struct field "
            + owner.goName()
            + "."
            + path.go()
            + " of type "
            + go);
  }
}
