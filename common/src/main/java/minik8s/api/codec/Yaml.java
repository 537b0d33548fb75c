package minik8s.api.codec;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** YAML to documents and back. Stateless; thread-safe. Built on first use: parsing YAML is rare. */
public final class Yaml {
  private Yaml() {}

  private static final class Holder {
    static final YAMLMapper MAPPER =
        YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
  }

  /**
   * Every non-empty document of a YAML stream.
   *
   * @throws tools.jackson.core.JacksonException with line and column when the text is malformed
   */
  public static List<JsonNode> documents(String text) {
    List<JsonNode> result = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        Holder.MAPPER.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (document != null && !document.isNull() && !document.isMissingNode()) {
          result.add(document);
        }
      }
    }
    return result;
  }

  /** The document as YAML text, ending in a newline. */
  public static String text(JsonNode document) {
    return Holder.MAPPER.writeValueAsString(document);
  }
}
