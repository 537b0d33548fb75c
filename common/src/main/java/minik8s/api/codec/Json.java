package minik8s.api.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * The one JSON mapper of the house, and short ways to use it. Stateless; thread-safe.
 *
 * <p>Unknown fields are skipped on the way in; nulls and empty collections are left out on the way
 * out; an {@link Instant} is written in whole seconds, as {@code metav1.Time} is. Trees keep what
 * they hold, nulls included, so patches are built as trees.
 */
public final class Json {
  private static final JsonMapper MAPPER = build();

  private Json() {}

  private static JsonMapper build() {
    return JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .changeDefaultPropertyInclusion(v ->
            JsonInclude.Value.construct(
                JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_NULL))
        .addModule(
            new SimpleModule("kubernetes")
                .addSerializer(new SecondsSerializer())
                .addSerializer(new ContainerStateSerializer()))
        .build();
  }

  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * @throws tools.jackson.core.JacksonException when the text is no JSON of that shape
   */
  public static <T> T read(byte[] json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /**
   * @throws tools.jackson.core.JacksonException when the text is no JSON of that shape
   */
  public static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /**
   * @throws tools.jackson.core.JacksonException when the document is not of that shape
   */
  public static <T> T read(JsonNode node, Class<T> type) {
    return MAPPER.treeToValue(node, type);
  }

  /**
   * @throws tools.jackson.core.JacksonException when the bytes are no JSON
   */
  public static JsonNode parse(byte[] json) {
    return MAPPER.readTree(json);
  }

  /**
   * @throws tools.jackson.core.JacksonException when the text is no JSON
   */
  public static JsonNode parse(String json) {
    return MAPPER.readTree(json);
  }

  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  public static String string(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** The document of a record. */
  public static ObjectNode tree(Object value) {
    return (ObjectNode) MAPPER.<JsonNode>valueToTree(value);
  }

  /** The text of {@code metav1.Time}: whole seconds, such as {@code 2006-01-02T15:04:05Z}. */
  public static String time(Instant value) {
    return value.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** An empty document to fill. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Writes whole seconds: {@code 2006-01-02T15:04:05Z}. */
  private static final class SecondsSerializer extends StdSerializer<Instant> {
    SecondsSerializer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
      generator.writeString(time(value));
    }
  }
}
