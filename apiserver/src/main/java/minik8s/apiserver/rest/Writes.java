package minik8s.apiserver.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Conversions;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.ScalePaths;
import minik8s.apiserver.kinds.Scales;
import minik8s.apiserver.registry.DeleteOptions;
import minik8s.apiserver.registry.Listing;
import minik8s.apiserver.registry.ObjectWriter;
import minik8s.apiserver.registry.Registry;
import minik8s.apiserver.registry.Target;
import minik8s.apiserver.registry.Written;
import minik8s.apiserver.schema.Decoded;
import minik8s.apiserver.schema.Decoder;
import minik8s.apiserver.schema.FieldValidation;
import minik8s.apiserver.schema.Gvk;
import minik8s.apiserver.schema.PatchType;
import minik8s.apiserver.schema.Patches;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.schema.TypeSchema;
import minik8s.apiserver.watchcache.CachedObject;
import tools.jackson.databind.node.ObjectNode;

/** Create, update, patch and delete over HTTP. Thread-safe. */
final class Writes {
  private static final Gvk SCALE = new Gvk("autoscaling", "v1", "Scale");
  private static final Gvk DELETE_OPTIONS = new Gvk("", "v1", "DeleteOptions");

  private final Registry registry;
  private final Schemas schemas;
  private final Decoder decoder;
  private final Renderer renderer;

  Writes(Registry registry, Schemas schemas, Decoder decoder, Renderer renderer) {
    this.registry = registry;
    this.schemas = schemas;
    this.decoder = decoder;
    this.renderer = renderer;
  }

  /** The body of a request as a document of some kind. */
  Decoded body(Exchange exchange, Gvk expected) throws IOException {
    byte[] body = Body.read(exchange.request());
    return decoder.decode(
        body, exchange.request().getContentType(), expected, validation(exchange.query()));
  }

  static Gvk gvk(Kind kind) {
    return new Gvk(kind.group(), kind.version(), kind.kind());
  }

  void create(Exchange exchange, Kind kind) throws IOException {
    boolean dryRun = dryRun(exchange.query(), "CreateOptions");
    Decoded decoded = body(exchange, gvk(kind));
    Written written =
        registry.writer().create(kind, exchange.info().namespace(), decoded.document(), dryRun);
    answer(exchange, kind, written, 201, decoded.warnings());
  }

  void update(Exchange exchange, Kind kind, ObjectWriter.Part part) throws IOException {
    boolean dryRun = dryRun(exchange.query(), "UpdateOptions");
    Decoded decoded = body(exchange, gvk(kind));
    ObjectNode wished = decoded.document();
    requireNamed(exchange.info(), kind, wished);
    Written written =
        registry.writer().change(target(exchange, kind), part, dryRun, _ -> wished.deepCopy());
    answer(exchange, kind, written, 200, decoded.warnings());
  }

  void patch(Exchange exchange, Kind kind, ObjectWriter.Part part) throws IOException {
    boolean dryRun = dryRun(exchange.query(), "PatchOptions");
    FieldValidation mode = validation(exchange.query());
    PatchType type = patchType(exchange);
    byte[] patch = Body.read(exchange.request());
    TypeSchema schema = schemas.find(gvk(kind)).orElseThrow();
    List<String> warnings = new ArrayList<>();
    Written written =
        registry
            .writer()
            .change(
                target(exchange, kind),
                part,
                dryRun,
                current -> {
                  Decoded patched = Patches.apply(type, schema, current, patch, mode);
                  warnings.clear();
                  warnings.addAll(patched.warnings());
                  return patched.document();
                });
    answer(exchange, kind, written, 200, warnings);
  }

  private static PatchType patchType(Exchange exchange) {
    String type = exchange.request().getContentType();
    return PatchType.ofContentType(type == null ? "" : type);
  }

  void delete(Exchange exchange, Kind kind) throws IOException {
    Written written = registry.deleter().delete(target(exchange, kind), deleteOptions(exchange));
    boolean pod = kind.group().isEmpty() && kind.kind().equals("Pod");
    if (!written.removed() || pod) {
      answer(exchange, kind, written, 200, List.of());
      return;
    }
    ObjectNode status = Answer.success();
    ObjectNode details = status.putObject("details").put("name", exchange.info().name());
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("kind", kind.plural());
    details.put("uid", written.document().path("metadata").path("uid").asString(""));
    Answer.json(exchange.response(), 200, status);
  }

  private DeleteOptions deleteOptions(Exchange exchange) throws IOException {
    Query query = exchange.query();
    boolean dryRun = dryRun(query, "DeleteOptions");
    byte[] body = Body.read(exchange.request());
    Optional<ObjectNode> document =
        decoder.decodeOptions(body, exchange.request().getContentType(), DELETE_OPTIONS);
    ObjectNode options = document.orElseGet(Json::object);
    Long grace = query.number("gracePeriodSeconds");
    if (grace != null) {
      options.put("gracePeriodSeconds", grace);
    }
    if (query.has("propagationPolicy")) {
      options.put("propagationPolicy", query.text("propagationPolicy"));
    }
    if (query.has("orphanDependents")) {
      options.put("orphanDependents", query.flag("orphanDependents"));
    }
    return DeleteOptions.of(options, dryRun);
  }

  void deleteCollection(Exchange exchange, Kind kind) throws IOException {
    DeleteOptions options = deleteOptions(exchange);
    Listing listing = registry.reader().list(kind, Reads.query(exchange, kind));
    for (CachedObject object : listing.objects()) {
      try {
        var _ =
            registry.deleter().delete(new Target(kind, object.namespace(), object.name()), options);
      } catch (ApiException e) {
        if (!e.notFound()) {
          throw e;
        }
      }
    }
    new ListAnswer(renderer)
        .write(exchange.response(), kind, listing, exchange.form(), exchange.takesGzip());
  }

  /** Get, update and patch of {@code /scale}. */
  void scale(Exchange exchange, Kind kind, ScalePaths paths) throws IOException {
    Target target = target(exchange, kind);
    if (exchange.info().verb().equals("get")) {
      CachedObject object = registry.reader().get(kind, target.namespace(), target.name(), null);
      Answer.json(exchange.response(), 200, Scales.of(paths, object.tree()));
      return;
    }
    boolean patching = exchange.info().verb().equals("patch");
    boolean dryRun = dryRun(exchange.query(), "UpdateOptions");
    PatchType type = patching ? patchType(exchange) : PatchType.MERGE;
    byte[] body = Body.read(exchange.request());
    FieldValidation mode = validation(exchange.query());
    TypeSchema schema = schemas.find(SCALE).orElseThrow();
    Written written =
        registry
            .writer()
            .change(
                target,
                ObjectWriter.Part.MAIN,
                dryRun,
                current -> {
                  ObjectNode scale =
                      patching
                          ? Patches.apply(type, schema, Scales.of(paths, current), body, mode)
                              .document()
                          : decoder
                              .decode(body, exchange.request().getContentType(), SCALE, mode)
                              .document();
                  return scaled(target, paths, current, scale);
                });
    ObjectNode served = written.document();
    Conversions.fromStorage(kind, served);
    Answer.json(exchange.response(), 200, Scales.of(paths, served));
  }

  private static ObjectNode scaled(
      Target target, ScalePaths paths, ObjectNode current, ObjectNode scale) {
    int replicas = scale.path("spec").path("replicas").asInt(0);
    if (replicas < 0) {
      Failure.Cause cause =
          new Failure.Cause(
              "FieldValueInvalid",
              "Invalid value: " + replicas + ": must be greater than or equal to 0",
              "spec.replicas");
      throw Failure.invalid("autoscaling", "Scale", target.name(), List.of(cause)).asException();
    }
    Scales.apply(paths, current, scale);
    String version = scale.path("metadata").path("resourceVersion").asString("");
    if (!version.isEmpty() && current.get("metadata") instanceof ObjectNode metadata) {
      metadata.put("resourceVersion", version);
    }
    return current;
  }

  /** Answers with what was written, in the wished form. */
  void answer(Exchange exchange, Kind kind, Written written, int code, List<String> more)
      throws IOException {
    Set<String> warnings = new LinkedHashSet<>(more);
    warnings.addAll(written.warnings());
    Answer.warnings(exchange.response(), List.copyOf(warnings));
    Form form = exchange.form();
    CachedObject object = written.object();
    byte[] body;
    if (object != null) {
      body = renderer.object(kind, object, form);
    } else {
      ObjectNode served = written.document();
      Conversions.fromStorage(kind, served);
      body = renderer.object(kind, served, form);
    }
    Answer.bytes(exchange.response(), code, form.contentType(), body);
  }

  static Target target(Exchange exchange, Kind kind) {
    RequestInfo info = exchange.info();
    return new Target(kind, kind.namespaced() ? info.namespace() : "", info.name());
  }

  /**
   * Completes name and namespace from the path; throws BadRequest when the document says otherwise.
   */
  private static void requireNamed(RequestInfo info, Kind kind, ObjectNode document) {
    ObjectNode metadata =
        document.get("metadata") instanceof ObjectNode known
            ? known
            : document.putObject("metadata");
    String name = metadata.path("name").asString("");
    if (!name.isEmpty() && !name.equals(info.name())) {
      throw Failure.badRequest(
              "the name of the object ("
                  + name
                  + ") does not match the name on the URL ("
                  + info.name()
                  + ")")
          .asException();
    }
    metadata.put("name", info.name());
    String namespace = metadata.path("namespace").asString("");
    if (kind.namespaced() && !namespace.isEmpty() && !namespace.equals(info.namespace())) {
      throw Failure.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request")
          .asException();
    }
    if (kind.namespaced()) {
      metadata.put("namespace", info.namespace());
    }
  }

  static boolean dryRun(Query query, String options) {
    List<String> all = query.all("dryRun");
    for (String value : all) {
      if (!value.equals("All") && !value.isEmpty()) {
        String message = "Unsupported value: [\"" + value + "\"]: supported values: \"All\"";
        Failure.Cause cause = new Failure.Cause("FieldValueNotSupported", message, "dryRun");
        throw Failure.invalid("meta.k8s.io", options, "", List.of(cause)).asException();
      }
    }
    return all.contains("All");
  }

  static FieldValidation validation(Query query) {
    String text = query.text("fieldValidation");
    return FieldValidation.parse(text)
        .orElseThrow(() ->
            Failure.invalid(
                    "meta.k8s.io",
                    "CreateOptions",
                    "",
                    List.of(
                        new Failure.Cause(
                            "FieldValueNotSupported",
                            "Unsupported value: \""
                                + text
                                + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"",
                            "fieldValidation")))
                .asException());
  }
}
