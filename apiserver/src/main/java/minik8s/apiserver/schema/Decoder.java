package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns request bodies (JSON, YAML, Kubernetes' protobuf) into documents. Thread-safe. */
public final class Decoder {
  private static final Gvk DEFINITION =
      new Gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  private static final String ACCEPTED = "application/json, application/yaml, " + PROTOBUF;

  private final Schemas schemas;
  private final ProtoReader proto = new ProtoReader(TypeTable.builtIn());

  public Decoder(Schemas schemas) {
    this.schemas = schemas;
  }

  /** A tree as it came, with the duplicate fields seen on the way. */
  private record Parsed(ObjectNode tree, List<String> duplicates) {}

  /**
   * Decodes a body that must hold {@code expected}. A missing apiVersion or kind is completed,
   * types are checked, unknown fields are pruned.
   *
   * @param contentType the request's header; absent means JSON
   * @throws minik8s.api.ApiException 400 or 415, with Kubernetes' texts
   */
  public Decoded decode(
      byte[] body, @Nullable String contentType, Gvk expected, FieldValidation mode) {
    Parsed parsed = parse(body, contentType, expected);
    ObjectNode document = withTypeMeta(parsed.tree(), expected);
    Gvk given = gvk(document, expected);
    TypeSchema schema = schema(given, expected);
    List<String> problems = new ArrayList<>(parsed.duplicates());
    try {
      problems.addAll(0, schema.prune(document));
    } catch (TypeMismatch e) {
      throw Refusals.cannotBeHandled(given, expected, String.valueOf(e.getMessage()));
    }
    if (mode == FieldValidation.STRICT && !problems.isEmpty()) {
      throw Refusals.cannotBeHandled(
          given, expected, "strict decoding error: " + String.join(", ", problems));
    }
    return new Decoded(document, warnings(document, expected, mode, problems));
  }

  /**
   * What the client is to be told: unknown fields if it wants to know, and what is not acted on.
   */
  static List<String> warnings(
      ObjectNode document, Gvk gvk, FieldValidation mode, List<String> problems) {
    List<String> warnings = new ArrayList<>();
    if (mode == FieldValidation.WARN) {
      warnings.addAll(problems);
    }
    if (gvk.equals(DEFINITION)) {
      warnings.addAll(CustomSchemas.warnings(document));
    }
    return warnings;
  }

  /**
   * Decodes the optional body of a request that carries options, such as the DeleteOptions of a
   * DELETE. Unknown fields are dropped silently.
   *
   * @return empty for an empty body
   * @throws minik8s.api.ApiException 400 or 415, with Kubernetes' texts
   */
  public Optional<ObjectNode> decodeOptions(
      byte[] body, @Nullable String contentType, Gvk expected) {
    if (body.length == 0) {
      return Optional.empty();
    }
    return Optional.of(decode(body, contentType, expected, FieldValidation.IGNORE).document());
  }

  private TypeSchema schema(Gvk given, Gvk expected) {
    TypeSchema schema =
        schemas.find(expected).orElseThrow(() -> Refusals.internal("no schema for " + expected));
    if (given.equals(expected)) {
      return schema;
    }
    Optional<TypeSchema> other = schemas.find(given);
    if (other.isPresent() && sameType(schema, other.get())) {
      return schema;
    }
    if (!given.group().equals(expected.group()) || !given.version().equals(expected.version())) {
      throw Refusals.badRequest(
          "the API version in the data ("
              + given.apiVersion()
              + ") does not match the expected API version ("
              + expected.apiVersion()
              + ")");
    }
    throw Refusals.cannotBeHandled(
        given,
        expected,
        other.isPresent()
            ? "converting ("
                + given.version()
                + "."
                + given.kind()
                + ") to ("
                + (expected.group().isEmpty() ? "core" : expected.group().split("\\.", 2)[0])
                + "."
                + expected.kind()
                + "): unknown conversion"
            : "no kind \""
                + given.kind()
                + "\" is registered for version \""
                + given.apiVersion()
                + "\"");
  }

  private static boolean sameType(TypeSchema one, TypeSchema other) {
    return one instanceof BuiltInSchema a
        && other instanceof BuiltInSchema b
        && a.type() == b.type();
  }

  private Parsed parse(byte[] body, @Nullable String contentType, Gvk expected) {
    String media = mediaType(contentType);
    DocumentReader reader = new DocumentReader();
    JsonNode tree;
    try {
      tree =
          switch (media) {
            case "", "application/json", "text/json" -> reader.json(body);
            case "application/yaml", "application/x-yaml", "text/yaml" -> reader.yaml(body);
            case PROTOBUF -> protobuf(body, expected);
            default -> throw Refusals.unsupportedMediaType(ACCEPTED);
          };
    } catch (DocumentReader.Malformed e) {
      String format = media.endsWith("yaml") ? "yaml" : "json";
      throw unrecognized(expected, format + " parse error: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw unrecognized(expected, String.valueOf(e.getMessage()));
    }
    if (!(tree instanceof ObjectNode object)) {
      throw unrecognized(
          expected,
          "json parse error: json: cannot unmarshal "
              + GoText.jsonType(tree)
              + " into Go value of type runtime.TypeMeta");
    }
    return new Parsed(object, reader.duplicates());
  }

  private ObjectNode protobuf(byte[] body, Gvk expected) {
    ProtoReader.Envelope envelope = ProtoReader.open(body);
    Gvk given =
        envelope.kind().isEmpty()
            ? expected
            : Gvk.of(
                envelope.apiVersion().isEmpty() ? expected.apiVersion() : envelope.apiVersion(),
                envelope.kind());
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", given.apiVersion()).put("kind", given.kind());
    if (schemas.find(given).orElse(null) instanceof BuiltInSchema schema) {
      proto.read(envelope.raw(), schema.type(), document);
      return document;
    }
    throw Refusals.cannotBeHandled(
        given,
        expected,
        "no kind \""
            + given.kind()
            + "\" is registered for version \""
            + given.apiVersion()
            + "\"");
  }

  private static RuntimeException unrecognized(Gvk expected, String why) {
    return Refusals.badRequest(
        "the object provided is unrecognized (must be of type "
            + expected.kind()
            + "): couldn't get version/kind; "
            + why);
  }

  /** Completes apiVersion and kind, which come first in what is stored. */
  private static ObjectNode withTypeMeta(ObjectNode tree, Gvk expected) {
    boolean version = empty(tree.get("apiVersion"));
    boolean kind = empty(tree.get("kind"));
    if (!version && !kind) {
      return tree;
    }
    ObjectNode completed = JsonNodeFactory.instance.objectNode();
    completed.put("apiVersion", expected.apiVersion()).put("kind", expected.kind());
    tree.properties()
        .forEach(entry -> {
          boolean replaced =
              (version && entry.getKey().equals("apiVersion"))
                  || (kind && entry.getKey().equals("kind"));
          if (!replaced) {
            completed.set(entry.getKey(), entry.getValue());
          }
        });
    return completed;
  }

  private static boolean empty(@Nullable JsonNode value) {
    return value == null || value.isNull() || (value.isString() && value.asString().isEmpty());
  }

  private static Gvk gvk(ObjectNode document, Gvk expected) {
    JsonNode version = document.get("apiVersion");
    JsonNode kind = document.get("kind");
    if (version == null || kind == null || !version.isString() || !kind.isString()) {
      throw unrecognized(expected, "json parse error: apiVersion and kind must be strings");
    }
    return Gvk.of(version.asString(), kind.asString());
  }

  private static String mediaType(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
