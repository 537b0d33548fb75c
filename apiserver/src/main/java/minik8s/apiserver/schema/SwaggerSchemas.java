package minik8s.apiserver.schema;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Custom schemas as Swagger 2 can say them: what it lacks is left out. Stateless. */
final class SwaggerSchemas {
  private static final List<String> UNKNOWN_TO_V2 =
      List.of("nullable", "oneOf", "anyOf", "allOf", "not", "default", "x-kubernetes-validations");

  private SwaggerSchemas() {}

  /** A simplified copy. */
  static ObjectNode simplify(JsonNode schema) {
    ObjectNode copy = (ObjectNode) schema.deepCopy();
    simplifyInPlace(copy);
    return copy;
  }

  private static void simplifyInPlace(ObjectNode schema) {
    if (isTrue(schema, "nullable") || isTrue(schema, "x-kubernetes-preserve-unknown-fields")) {
      schema.remove(List.of("type", "properties", "items", "additionalProperties", "required"));
    }
    if (isTrue(schema, "x-kubernetes-int-or-string")) {
      schema.remove("type");
    }
    schema.remove(UNKNOWN_TO_V2);
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      if (entry.getValue() instanceof ObjectNode property) {
        simplifyInPlace(property);
      }
    }
    for (String name : List.of("items", "additionalProperties")) {
      if (schema.get(name) instanceof ObjectNode inner) {
        simplifyInPlace(inner);
      }
    }
  }

  private static boolean isTrue(ObjectNode schema, String field) {
    return schema.path(field).asBoolean(false);
  }
}
