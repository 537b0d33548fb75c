package minik8s.apiserver.schema;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Turns request bodies (JSON, YAML, Kubernetes' protobuf) into documents. Thread-safe. */
public final class Decoder {
  private static final tools.jackson.databind.json.JsonMapper JSON =
      tools.jackson.databind.json.JsonMapper.shared();
  private final Schemas schemas;

  public Decoder(Schemas schemas) {
    this.schemas = schemas;
  }

  /**
   * Decodes a body that must hold {@code expected}. A missing apiVersion or kind is completed.
   *
   * @throws RuntimeException 400 or 415, with Kubernetes' texts
   */
  public Decoded decode(
      byte[] body, @Nullable String contentType, Gvk expected, FieldValidation mode) {
    TypeSchema schema = schemas.find(expected).orElseThrow();
    ObjectNode document = (ObjectNode) JSON.readTree(body);
    return new Decoded(document, schema.prune(document));
  }

  /**
   * Decodes a body of any kind, such as the DeleteOptions of a DELETE: the body's own kind wins.
   *
   * @return empty for an empty body
   */
  public java.util.Optional<ObjectNode> decodeOptions(
      byte[] body, @Nullable String contentType, Gvk fallback) {
    return body.length == 0
        ? java.util.Optional.empty()
        : java.util.Optional.of((ObjectNode) JSON.readTree(body));
  }
}
