package minik8s.apiserver.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes built-in types as OpenAPI definitions, following references until all are there. Confined
 * to the building of one document.
 */
final class SchemaWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String EXTENSIONS =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

  private final TypeTable table = TypeTable.builtIn();
  private final Descriptions descriptions = Descriptions.all();
  private final boolean v3;
  private final ObjectNode definitions;
  private final Set<String> seen = new HashSet<>();
  private final Deque<String> todo = new ArrayDeque<>();

  /**
   * @param v3 OpenAPI 3 (references wrapped in {@code allOf}) or Swagger 2
   * @param definitions where the definitions go
   */
  SchemaWriter(boolean v3, ObjectNode definitions) {
    this.v3 = v3;
    this.definitions = definitions;
  }

  /** The full definition name of a type: {@code core.v1.Pod} to {@code io.k8s.api.core.v1.Pod}. */
  static String fullName(String type) {
    if (type.startsWith("meta.v1.")) {
      return META + type.substring(8);
    }
    return type.startsWith("apiextensions.v1.")
        ? EXTENSIONS + type.substring(17)
        : "io.k8s.api." + type;
  }

  /** Adds a type and everything it refers to. */
  void add(String type) {
    need(type);
    while (!todo.isEmpty()) {
      String next = todo.remove();
      definitions.set(fullName(next), definition(table.type(next)));
    }
  }

  /** Says which kind a definition is. */
  void mark(String fullName, Gvk gvk) {
    if (definitions.get(fullName) instanceof ObjectNode definition) {
      ArrayNode list =
          definition.get("x-kubernetes-group-version-kind") instanceof ArrayNode known
              ? known
              : definition.putArray("x-kubernetes-group-version-kind");
      list.add(gvk(gvk));
    }
  }

  static ObjectNode gvk(Gvk gvk) {
    return NODES
        .objectNode()
        .put("group", gvk.group())
        .put("kind", gvk.kind())
        .put("version", gvk.version());
  }

  /** Adds the definition of {@code <Kind>List}. */
  void addList(String itemName, Gvk gvk) {
    add("meta.v1.ListMeta");
    ObjectNode list = NODES.objectNode();
    list.put("description", gvk.kind() + "List is a list of " + gvk.kind() + ".");
    list.put("type", "object");
    list.putArray("required").add("items");
    ObjectNode properties = list.putObject("properties");
    properties.set("apiVersion", described("string", "meta.apiVersion"));
    ObjectNode items = properties.putObject("items");
    items.put("type", "array");
    items.set("items", reference(itemName));
    properties.set("kind", described("string", "meta.kind"));
    properties.set("metadata", reference(META + "ListMeta"));
    definitions.set(itemName + "List", list);
    mark(itemName + "List", new Gvk(gvk.group(), gvk.version(), gvk.kind() + "List"));
  }

  ObjectNode reference(String fullName) {
    return NODES
        .objectNode()
        .put("$ref", (v3 ? "#/components/schemas/" : "#/definitions/") + fullName);
  }

  ObjectNode described(String type, String description) {
    ObjectNode node = NODES.objectNode();
    String text = descriptions.of(description);
    if (!text.isEmpty()) {
      node.put("description", text);
    }
    return node.put("type", type);
  }

  private void need(String type) {
    if (seen.add(type)) {
      todo.add(type);
    }
  }

  private ObjectNode definition(ObjectType type) {
    ObjectNode definition = described("object", type.name());
    if (!type.mapType().isEmpty()) {
      definition.put("x-kubernetes-map-type", type.mapType());
    }
    ArrayNode required = NODES.arrayNode();
    ObjectNode properties = NODES.objectNode();
    if (type.typeMeta()) {
      properties.set("apiVersion", described("string", "meta.apiVersion"));
      properties.set("kind", described("string", "meta.kind"));
    }
    for (Field field : type.fields()) {
      if (field.required()) {
        required.add(field.name());
      }
      properties.set(field.name(), property(field, type));
    }
    if (!required.isEmpty()) {
      definition.set("required", required);
    }
    if (!properties.isEmpty()) {
      definition.set("properties", properties);
    }
    return definition;
  }

  private ObjectNode property(Field field, ObjectType owner) {
    ObjectNode value = element(field.type());
    ObjectNode node =
        switch (field.type().shape()) {
          case ONE -> value;
          case LIST -> {
            ObjectNode list = NODES.objectNode().put("type", "array");
            list.set("items", value);
            yield list;
          }
          case MAP -> {
            ObjectNode map = NODES.objectNode().put("type", "object");
            map.set("additionalProperties", value);
            yield map;
          }
        };
    ObjectNode extras = NODES.objectNode();
    String text = descriptions.of(owner.name() + "." + field.name());
    if (!text.isEmpty()) {
      extras.put("description", text);
    }
    mergeRule(field.merge(), extras);
    if (v3 && node.has("$ref") && !extras.isEmpty()) {
      extras.putArray("allOf").add(node);
      return extras;
    }
    node.setAll(extras);
    return node;
  }

  private static void mergeRule(MergeRule rule, ObjectNode into) {
    put(into, "x-kubernetes-patch-strategy", rule.strategy());
    put(into, "x-kubernetes-patch-merge-key", rule.key());
    put(into, "x-kubernetes-list-type", rule.listType());
    put(into, "x-kubernetes-map-type", rule.mapType());
    if (!rule.listKeys().isEmpty()) {
      ArrayNode keys = into.putArray("x-kubernetes-list-map-keys");
      rule.listKeys().forEach(keys::add);
    }
  }

  private static void put(ObjectNode into, String name, String value) {
    if (!value.isEmpty()) {
      into.put(name, value);
    }
  }

  private ObjectNode element(FieldType type) {
    return switch (type.scalar()) {
      case STRING, DURATION -> primitive("string", "");
      case BOOL -> primitive("boolean", "");
      case INT32 -> primitive("integer", "int32");
      case INT64 -> primitive("integer", "int64");
      case DOUBLE -> primitive("number", "double");
      case BYTES -> primitive("string", "byte");
      case QUANTITY -> shared("io.k8s.apimachinery.pkg.api.resource.Quantity", "", "number");
      case INTSTR ->
          shared("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "int-or-string", "integer");
      case TIME -> shared(META + "Time", "date-time", "");
      case MICROTIME -> shared(META + "MicroTime", "date-time", "");
      case RAW -> primitive("object", "");
      case JSON, SCHEMAORBOOL, SCHEMAORARRAY, SCHEMAORSTRINGS -> NODES.objectNode();
      case STRINGS -> {
        ObjectNode list = primitive("array", "");
        list.set("items", primitive("string", ""));
        yield list;
      }
      case OBJECT -> {
        need(type.ref());
        yield reference(fullName(type.ref()));
      }
    };
  }

  /** A reference to a string type of the machinery; in OpenAPI 3 it may have another form too. */
  private ObjectNode shared(String name, String format, String otherForm) {
    if (seen.add(name)) {
      ObjectNode definition = NODES.objectNode();
      String text = descriptions.of(name.substring(name.lastIndexOf('.') + 1));
      if (!text.isEmpty()) {
        definition.put("description", text);
      }
      put(definition, "format", format);
      if (v3 && !otherForm.isEmpty()) {
        ArrayNode forms = definition.putArray("oneOf");
        forms.addObject().put("type", "string");
        forms.addObject().put("type", otherForm);
      } else {
        definition.put("type", "string");
      }
      definitions.set(name, definition);
    }
    return reference(name);
  }

  private static ObjectNode primitive(String type, String format) {
    ObjectNode node = NODES.objectNode().put("type", type);
    put(node, "format", format);
    return node;
  }

  /** Adds the definition of a custom kind: its own schema around the common fields. */
  String addCustom(CustomSchema schema) {
    add("meta.v1.ObjectMeta");
    Gvk gvk = schema.gvk();
    String name = customName(gvk);
    ObjectNode definition =
        v3 ? schema.document().deepCopy() : SwaggerSchemas.simplify(schema.document());
    definition.remove("x-kubernetes-validations");
    if (!definition.has("type")) {
      definition.put("type", "object");
    }
    ObjectNode properties = NODES.objectNode();
    properties.set("apiVersion", described("string", "meta.apiVersion"));
    properties.set("kind", described("string", "meta.kind"));
    properties.set("metadata", reference(META + "ObjectMeta"));
    for (Map.Entry<String, JsonNode> entry : definition.path("properties").properties()) {
      if (!properties.has(entry.getKey())) {
        properties.set(entry.getKey(), entry.getValue());
      }
    }
    definition.set("properties", properties);
    definitions.set(name, definition);
    mark(name, gvk);
    return name;
  }

  /** {@code stable.example.com/v1 CronTab} to {@code com.example.stable.v1.CronTab}. */
  static String customName(Gvk gvk) {
    java.util.List<String> parts =
        new java.util.ArrayList<>(java.util.List.of(gvk.group().split("\\.", -1)));
    java.util.Collections.reverse(parts);
    return String.join(".", parts) + "." + gvk.version() + "." + gvk.kind();
  }
}
