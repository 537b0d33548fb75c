package minik8s.apiserver.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI documents, built at the first request. Thread-safe.
 *
 * <p>A document is kept together with what it was built from and built again when that differs, so
 * that a change of one custom kind costs only the documents it appears in.
 */
public final class OpenApi {
  /** The Content-Type of {@link #v2Proto}; the name that clients ask by is no valid media type. */
  public static final String PROTO_CONTENT_TYPE =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final Schemas schemas;
  private final Supplier<List<ServedResource>> served;
  private final Map<String, Built> documents = new ConcurrentHashMap<>();

  /** A document and its sources. */
  private static final class Built {
    private final List<Source> sources;
    private final byte[] bytes;

    Built(List<Source> sources, byte[] bytes) {
      this.sources = sources;
      this.bytes = bytes;
    }
  }

  /** One resource and, for custom kinds, its schema. */
  private record Source(ServedResource resource, @Nullable CustomSchema custom) {}

  /**
   * @param served what is served now, custom kinds included
   */
  public OpenApi(Schemas schemas, Supplier<List<ServedResource>> served) {
    this.schemas = schemas;
    this.served = served;
  }

  /** The body of {@code /openapi/v3}: where the document of each group and version is. */
  public byte[] v3Index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    groups()
        .forEach((path, sources) ->
            paths
                .putObject(path)
                .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(sources)));
    return Json.bytes(index);
  }

  /**
   * The body of {@code /openapi/v3/<path>}.
   *
   * @param groupVersionPath {@code api/v1} or {@code apis/<group>/<version>}
   * @return empty if nothing is served there
   */
  public Optional<byte[]> v3(String groupVersionPath) {
    List<Source> sources = groups().get(groupVersionPath);
    return sources == null
        ? Optional.empty()
        : Optional.of(document(groupVersionPath, sources, () -> Json.bytes(v3Document(sources))));
  }

  /** The body of {@code /openapi/v2} as JSON. */
  public byte[] v2Json() {
    List<Source> sources = sources();
    return document("v2", sources, () -> Json.bytes(v2Document(sources)));
  }

  /** The body of {@code /openapi/v2} as gnostic protobuf. */
  public byte[] v2Proto() {
    List<Source> sources = sources();
    return document("v2.pb", sources, () -> SwaggerProto.encode(v2Document(sources)));
  }

  /** The entity tag of a document, quoted: upper-case hexadecimal SHA-256 of its bytes. */
  public String etag(byte[] document) {
    return '"' + hex(digest().digest(document)) + '"';
  }

  private byte[] document(String name, List<Source> sources, Supplier<byte[]> build) {
    Built known = documents.get(name);
    if (known != null && known.sources.equals(sources)) {
      return known.bytes;
    }
    Built built = new Built(sources, build.get());
    documents.put(name, built);
    return built.bytes;
  }

  private ObjectNode v3Document(List<Source> sources) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    ObjectNode definitions = document.putObject("components").putObject("schemas");
    write(sources, new SchemaWriter(true, definitions), new PathWriter(true, paths));
    definitions.putObject(SchemaWriter.META + "Patch").put("type", "object");
    return document;
  }

  private ObjectNode v2Document(List<Source> sources) {
    ObjectNode document = Json.object().put("swagger", "2.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    ObjectNode definitions = document.putObject("definitions");
    write(sources, new SchemaWriter(false, definitions), new PathWriter(false, paths));
    definitions.putObject(SchemaWriter.META + "Patch").put("type", "object");
    return document;
  }

  private static void write(List<Source> sources, SchemaWriter schemas, PathWriter paths) {
    TypeTable table = TypeTable.builtIn();
    schemas.add("meta.v1.Status");
    schemas.add("meta.v1.DeleteOptions");
    schemas.mark(SchemaWriter.META + "Status", new Gvk("", "v1", "Status"));
    schemas.mark(SchemaWriter.META + "DeleteOptions", new Gvk("", "v1", "DeleteOptions"));
    for (Source source : sources) {
      Gvk gvk = source.resource().gvk();
      String name;
      if (source.custom() != null) {
        name = schemas.addCustom(source.custom());
      } else {
        String type = table.kinds().get(gvk);
        if (type == null) {
          continue;
        }
        schemas.add(type);
        name = SchemaWriter.fullName(type);
        schemas.mark(name, gvk);
      }
      if (source.resource().verbs().contains("list")) {
        schemas.addList(name, gvk);
      }
      paths.add(source.resource(), name, source.custom() != null);
    }
  }

  private List<Source> sources() {
    Map<Gvk, CustomSchema> custom = schemas.custom();
    List<Source> sources = new ArrayList<>();
    for (ServedResource resource : served.get()) {
      sources.add(new Source(resource, custom.get(resource.gvk())));
    }
    return sources;
  }

  /** The sources by path, such as {@code apis/apps/v1}. */
  private Map<String, List<Source>> groups() {
    Map<String, List<Source>> groups = new TreeMap<>();
    for (Source source : sources()) {
      Gvk gvk = source.resource().gvk();
      String path = (gvk.group().isEmpty() ? "api/" : "apis/") + gvk.apiVersion();
      groups.computeIfAbsent(path, _ -> new ArrayList<>()).add(source);
    }
    return groups;
  }

  /** A hash of what a document is built from, so that the index need not build any. */
  private static String hash(List<Source> sources) {
    MessageDigest digest = digest();
    digest.update(utf8(TypeTable.builtIn().fingerprint()));
    for (Source source : sources) {
      ServedResource resource = source.resource();
      digest.update(utf8(resource.gvk() + resource.plural() + resource.namespaced()));
      digest.update(utf8(resource.verbs().stream().sorted().toList().toString()));
      digest.update(utf8(resource.subresources().stream().sorted().toList().toString()));
      if (source.custom() != null) {
        digest.update(Json.bytes(source.custom().document()));
      }
    }
    return hex(digest.digest());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash).toUpperCase(Locale.ROOT);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
