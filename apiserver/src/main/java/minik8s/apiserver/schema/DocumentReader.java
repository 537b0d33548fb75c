package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLAnchorReplayingFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * Reads JSON or YAML text into a tree and reports duplicate fields; the last one wins, as in Go.
 * Confined to a call.
 */
final class DocumentReader {
  private static final JsonFactory JSON = new JsonFactory();

  private static final class YamlHolder {
    /** Aliases are replaced by what they stand for, within the limits of the library. */
    static final YAMLFactory YAML = new YAMLAnchorReplayingFactory();
  }

  private final List<String> duplicates = new ArrayList<>();

  /** The duplicates found: {@code duplicate field "spec.replicas"}. */
  List<String> duplicates() {
    return duplicates;
  }

  /**
   * Reads one JSON value that is the whole text.
   *
   * @throws Malformed naming line and column
   */
  JsonNode json(byte[] text) throws Malformed {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      JsonNode value = first(parser);
      if (parser.nextToken() != null) {
        throw new Malformed("invalid text after top-level value", parser.currentTokenLocation());
      }
      return value;
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /**
   * Reads the first document of a YAML text.
   *
   * @throws Malformed naming line and column
   */
  JsonNode yaml(byte[] text) throws Malformed {
    try (JsonParser parser = YamlHolder.YAML.createParser(ObjectReadContext.empty(), text)) {
      return first(parser);
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  private JsonNode first(JsonParser parser) throws Malformed {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new Malformed("unexpected end of JSON input", parser.currentTokenLocation());
    }
    return value(parser, token, Path.ROOT);
  }

  private JsonNode value(JsonParser parser, JsonToken token, Path path) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (token) {
      case START_OBJECT -> object(parser, path);
      case START_ARRAY -> {
        ArrayNode list = nodes.arrayNode();
        JsonToken next = parser.nextToken();
        for (int i = 0; next != JsonToken.END_ARRAY; i++, next = parser.nextToken()) {
          list.add(value(parser, next, path.element(i)));
        }
        yield list;
      }
      case VALUE_STRING -> nodes.stringNode(parser.getString());
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            default -> nodes.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> {
        double number = parser.getDoubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
          throw new StreamReadException(parser, "unsupported number " + parser.getString());
        }
        yield nodes.numberNode(number);
      }
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NULL -> nodes.nullNode();
      default -> throw new StreamReadException(parser, "unexpected " + token);
    };
  }

  private ObjectNode object(JsonParser parser, Path path) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    String name;
    while ((name = parser.nextName()) != null) {
      Path child = path.field(name);
      JsonNode old = object.replace(name, value(parser, parser.nextToken(), child));
      if (old != null) {
        String problem = "duplicate field \"" + child + "\"";
        if (!duplicates.contains(problem)) {
          duplicates.add(problem);
        }
      }
    }
    return object;
  }

  private static Malformed malformed(JacksonException e) {
    // The YAML parser adds lines that quote the text; they start with a space.
    String message =
        e.getOriginalMessage()
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .collect(Collectors.joining(": "));
    return new Malformed(message, e.getLocation());
  }

  /** Text that is no JSON or YAML; the message ends with line and column. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message, TokenStreamLocation at) {
      super(
          message + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")",
          null,
          false,
          false);
    }
  }
}
