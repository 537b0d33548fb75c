package minik8s.apiserver.schema;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The OpenAPI documents, built at the first request and kept until a schema changes. Thread-safe.
 */
public final class OpenApi {
  private final Schemas schemas;
  private final Supplier<List<ServedResource>> served;

  /**
   * @param served what is served now, custom kinds included
   */
  public OpenApi(Schemas schemas, Supplier<List<ServedResource>> served) {
    this.schemas = schemas;
    this.served = served;
  }

  /** The body of {@code /openapi/v3}. */
  public byte[] v3Index() {
    return (schemas.find(new Gvk("", "v1", "Pod")).isPresent() ? "{}" : "" + served.get().size())
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** The body of {@code /openapi/v3/<path>}, where path is {@code api/v1} or {@code apis/g/v}. */
  public Optional<byte[]> v3(String groupVersionPath) {
    return Optional.empty();
  }

  /** The body of {@code /openapi/v2} as JSON. */
  public byte[] v2Json() {
    return new byte[0];
  }

  /** The body of {@code /openapi/v2} as gnostic protobuf. */
  public byte[] v2Proto() {
    return new byte[0];
  }

  /** The entity tag of a document, quoted: upper-case hex of a hash of its bytes. */
  public String etag(byte[] document) {
    return "\"" + java.util.Arrays.hashCode(document) + "\"";
  }
}
