package minik8s.apiserver.schema;

import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads Kubernetes' protobuf messages into documents, by the field numbers of the type table.
 * Stateless; thread-safe.
 *
 * <p>Go writes scalars that are no pointers even when they are zero; the table says for which of
 * them zero means absent.
 */
final class ProtoReader {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private final TypeTable table;

  ProtoReader(TypeTable table) {
    this.table = table;
  }

  /**
   * The envelope of a body.
   *
   * @param raw a cursor over the message of that kind
   */
  record Envelope(String apiVersion, String kind, Wire raw) {}

  /**
   * Opens a body.
   *
   * @throws IllegalArgumentException when it is not in Kubernetes' protobuf envelope
   */
  static Envelope open(byte[] body) {
    if (body.length < 4 || java.util.Arrays.mismatch(MAGIC, 0, 4, body, 0, 4) >= 0) {
      throw new IllegalArgumentException(
          "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    Wire wire = new Wire(body, 4, body.length);
    String apiVersion = "";
    String kind = "";
    Wire raw = new Wire(body, 0, 0);
    while (wire.next()) {
      switch (wire.number()) {
        case 1 -> {
          Wire meta = wire.message();
          while (meta.next()) {
            switch (meta.number()) {
              case 1 -> apiVersion = meta.string();
              case 2 -> kind = meta.string();
              default -> meta.skip();
            }
          }
        }
        case 2 -> raw = wire.message();
        default -> wire.skip();
      }
    }
    return new Envelope(apiVersion, kind, raw);
  }

  /** Reads one message into {@code into}. */
  void read(Wire wire, ObjectType type, ObjectNode into) {
    while (wire.next()) {
      Field field = type.field(wire.number());
      if (field != null) {
        field(wire, field, into);
        continue;
      }
      ObjectType embedded = type.embedded(wire.number());
      if (embedded != null) {
        read(wire.message(), embedded, into);
      } else {
        wire.skip();
      }
    }
  }

  private void field(Wire wire, Field field, ObjectNode into) {
    FieldType type = field.type();
    switch (type.shape()) {
      case ONE -> {
        JsonNode value = value(wire, type);
        if (value == null || absent(field, value)) {
          return;
        }
        if (value.isObject() && into.get(field.name()) instanceof ObjectNode earlier) {
          earlier.setAll((ObjectNode) value);
        } else {
          into.set(field.name(), value);
        }
      }
      case LIST -> {
        ArrayNode list =
            into.get(field.name()) instanceof ArrayNode known ? known : into.putArray(field.name());
        if (wire.type() == Wire.BYTES && packable(type)) {
          Wire packed = wire.message();
          while (!packed.atEnd()) {
            list.add(number(packed.varint()));
          }
        } else {
          JsonNode value = value(wire, type);
          list.add(value == null ? NODES.nullNode() : value);
        }
      }
      case MAP -> {
        ObjectNode map =
            into.get(field.name()) instanceof ObjectNode known
                ? known
                : into.putObject(field.name());
        entry(wire.message(), type, map);
      }
    }
  }

  private void entry(Wire wire, FieldType type, ObjectNode map) {
    String key = "";
    JsonNode value = NODES.nullNode();
    while (wire.next()) {
      switch (wire.number()) {
        case 1 -> key = wire.string();
        case 2 -> {
          JsonNode read = value(wire, type);
          value = read == null ? NODES.nullNode() : read;
        }
        default -> wire.skip();
      }
    }
    map.set(key, value);
  }

  private @Nullable JsonNode value(Wire wire, FieldType type) {
    return switch (type.scalar()) {
      case STRING -> NODES.stringNode(wire.string());
      case BOOL -> NODES.booleanNode(wire.varint() != 0);
      case INT32 -> NODES.numberNode((int) wire.varint());
      case INT64 -> number(wire.varint());
      case DOUBLE -> number(Double.longBitsToDouble(wire.fixed64()));
      case BYTES -> NODES.stringNode(Base64.getEncoder().encodeToString(wire.bytes()));
      case QUANTITY -> NODES.stringNode(firstString(wire.message()));
      case INTSTR -> intOrString(wire.message());
      case TIME -> time(wire.message(), false);
      case MICROTIME -> time(wire.message(), true);
      case DURATION -> duration(wire.message());
      case RAW, JSON -> json(wire.message());
      case STRINGS -> strings(wire.message(), 1);
      case SCHEMAORBOOL, SCHEMAORARRAY, SCHEMAORSTRINGS -> schemaOr(wire.message(), type);
      case OBJECT -> {
        ObjectNode object = NODES.objectNode();
        read(wire.message(), table.type(type.ref()), object);
        yield object;
      }
    };
  }

  /** The same node that reading JSON gives, so that documents compare equal. */
  private static JsonNode number(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  private static JsonNode number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? number((long) value)
        : NODES.numberNode(value);
  }

  private static boolean packable(FieldType type) {
    return type.scalar() == FieldType.Scalar.INT32 || type.scalar() == FieldType.Scalar.INT64;
  }

  private static boolean absent(Field field, JsonNode value) {
    if (value.isString()) {
      return value.asString().isEmpty()
          && !field.emptyKept()
          && field.type().scalar() == FieldType.Scalar.STRING;
    }
    if (!field.zeroAbsent()) {
      return false;
    }
    return value.isBoolean() ? !value.booleanValue() : value.isNumber() && value.asLong() == 0;
  }

  private static String firstString(Wire wire) {
    String text = "";
    while (wire.next()) {
      if (wire.number() == 1) {
        text = wire.string();
      } else {
        wire.skip();
      }
    }
    return text.isEmpty() ? "0" : text;
  }

  private static JsonNode intOrString(Wire wire) {
    long kind = 0;
    int number = 0;
    String text = "";
    while (wire.next()) {
      switch (wire.number()) {
        case 1 -> kind = wire.varint();
        case 2 -> number = (int) wire.varint();
        case 3 -> text = wire.string();
        default -> wire.skip();
      }
    }
    return kind == 0 ? NODES.numberNode(number) : NODES.stringNode(text);
  }

  private static @Nullable JsonNode time(Wire wire, boolean micro) {
    if (wire.atEnd()) {
      return null;
    }
    long seconds = 0;
    long nanos = 0;
    while (wire.next()) {
      switch (wire.number()) {
        case 1 -> seconds = wire.varint();
        case 2 -> nanos = wire.varint();
        default -> wire.skip();
      }
    }
    return NODES.stringNode(Times.format(Instant.ofEpochSecond(seconds, nanos), micro));
  }

  private static JsonNode duration(Wire wire) {
    long nanos = 0;
    while (wire.next()) {
      if (wire.number() == 1) {
        nanos = wire.varint();
      } else {
        wire.skip();
      }
    }
    return NODES.stringNode(nanos + "ns");
  }

  private static @Nullable JsonNode json(Wire wire) {
    JsonNode value = null;
    while (wire.next()) {
      if (wire.number() == 1) {
        byte[] text = wire.bytes();
        try {
          value = text.length == 0 ? null : new DocumentReader().json(text);
        } catch (DocumentReader.Malformed e) {
          throw new IllegalArgumentException(e.getMessage(), e);
        }
      } else {
        wire.skip();
      }
    }
    return value;
  }

  private static ArrayNode strings(Wire wire, int number) {
    ArrayNode list = NODES.arrayNode();
    while (wire.next()) {
      if (wire.number() == number) {
        list.add(wire.string());
      } else {
        wire.skip();
      }
    }
    return list;
  }

  /** The three unions of JSONSchemaProps with a boolean, a list of schemas or a list of names. */
  private JsonNode schemaOr(Wire wire, FieldType type) {
    boolean orBool = type.scalar() == FieldType.Scalar.SCHEMAORBOOL;
    boolean allows = false;
    ObjectNode schema = null;
    ArrayNode list = NODES.arrayNode();
    while (wire.next()) {
      boolean first = wire.number() == 1;
      if (orBool && first) {
        allows = wire.varint() != 0;
      } else if (wire.number() > 2) {
        wire.skip();
      } else if (orBool || first || type.scalar() == FieldType.Scalar.SCHEMAORARRAY) {
        ObjectNode read = NODES.objectNode();
        read(wire.message(), table.type("apiextensions.v1.JSONSchemaProps"), read);
        if (orBool || first) {
          schema = read;
        } else {
          list.add(read);
        }
      } else {
        list.add(wire.string());
      }
    }
    if (schema != null) {
      return schema;
    }
    return orBool ? NODES.booleanNode(allows) : list;
  }
}
