package minik8s.apiserver.schema;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A Swagger 2 document as the protobuf message {@code openapi.v2.Document} that older kubectl ask
 * for; only the parts that they read. Stateless.
 */
final class SwaggerProto {
  private SwaggerProto() {}

  static byte[] encode(JsonNode swagger) {
    Message document = new Message();
    document.text(1, "2.0");
    Message info = new Message();
    info.text(1, swagger.path("info").path("title").asString(""));
    info.text(2, swagger.path("info").path("version").asString(""));
    document.message(2, info);
    Message paths = new Message();
    for (Map.Entry<String, JsonNode> path : swagger.path("paths").properties()) {
      JsonNode patch = path.getValue().get("patch");
      if (patch != null) {
        paths.message(2, named(path.getKey(), new Message().message(8, operation(patch))));
      }
    }
    document.message(8, paths);
    Message definitions = new Message();
    for (Map.Entry<String, JsonNode> definition : swagger.path("definitions").properties()) {
      definitions.message(1, named(definition.getKey(), schema(definition.getValue())));
    }
    return document.message(9, definitions).bytes();
  }

  private static Message named(String name, Message value) {
    return new Message().text(1, name).message(2, value);
  }

  private static Message operation(JsonNode operation) {
    Message out = new Message();
    for (JsonNode type : operation.path("consumes")) {
      out.text(7, type.asString());
    }
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.path("in").asString("").equals("query")) {
        Message query = new Message();
        query.text(2, "query");
        query.text(4, parameter.path("name").asString(""));
        query.text(6, parameter.path("type").asString("string"));
        Message wrapped = new Message().message(3, query);
        out.message(8, new Message().message(1, new Message().message(2, wrapped)));
      }
    }
    return extensions(out, 13, operation);
  }

  private static Message schema(JsonNode schema) {
    Message out = new Message();
    textOf(out, 1, schema.get("$ref"));
    textOf(out, 2, schema.get("format"));
    textOf(out, 4, schema.get("description"));
    if (schema.has("default")) {
      out.message(5, any(schema.get("default")));
    }
    schema.path("required").forEach(name -> out.text(19, name.asString()));
    schema.path("enum").forEach(value -> out.message(20, any(value)));
    JsonNode additional = schema.get("additionalProperties");
    if (additional != null) {
      Message item = new Message();
      if (additional.isObject()) {
        item.message(1, schema(additional));
      } else {
        item.flag(2, additional.asBoolean());
      }
      out.message(21, item);
    }
    if (schema.has("type")) {
      out.message(22, new Message().text(1, schema.get("type").asString()));
    }
    if (schema.path("items").isObject()) {
      out.message(23, new Message().message(1, schema(schema.get("items"))));
    }
    schema.path("allOf").forEach(part -> out.message(24, schema(part)));
    if (schema.path("properties").isObject()) {
      Message properties = new Message();
      for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
        properties.message(1, named(property.getKey(), schema(property.getValue())));
      }
      out.message(25, properties);
    }
    return extensions(out, 31, schema);
  }

  private static Message extensions(Message out, int number, JsonNode node) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getKey().startsWith("x-")) {
        out.message(number, named(entry.getKey(), any(entry.getValue())));
      }
    }
    return out;
  }

  /** {@code Any.yaml}: JSON is YAML. */
  private static Message any(JsonNode value) {
    return new Message().text(2, Json.string(value));
  }

  private static void textOf(Message out, int number, @Nullable JsonNode node) {
    if (node != null) {
      out.text(number, node.asString());
    }
  }

  /** One message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message text(int number, String text) {
      return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int number, Message inner) {
      return field(number, inner.bytes());
    }

    Message flag(int number, boolean value) {
      varint(number << 3);
      out.write(value ? 1 : 0);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private Message field(int number, byte[] content) {
      varint(number << 3 | 2);
      varint(content.length);
      out.writeBytes(content);
      return this;
    }

    private void varint(int value) {
      int rest = value;
      while (rest > 127) {
        out.write((rest & 127) | 128);
        rest >>>= 7;
      }
      out.write(rest);
    }
  }
}
