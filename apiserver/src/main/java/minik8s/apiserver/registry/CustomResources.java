package minik8s.apiserver.registry;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.CustomKinds;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.schema.CustomSchemas;
import minik8s.apiserver.schema.Gvk;
import minik8s.apiserver.schema.Schemas;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Opens and closes the endpoints of CustomResourceDefinitions.
 *
 * <p>Thread-safe: {@link #open} and {@link #close} are serialised, and an older state of a
 * definition never replaces a newer one.
 */
public final class CustomResources implements KindHook {
  /** Keeps a definition until its objects are gone. */
  static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

  /** Where definitions are stored. */
  static final String FOLDER = "apiextensions.k8s.io/customresourcedefinitions";

  private final KindTable kinds;
  private final Schemas schemas;
  private final InstantSource clock;
  private final Map<String, Long> opened = new HashMap<>();
  private final Map<String, Set<Gvk>> served = new HashMap<>();

  /** Opens endpoints in {@code kinds} and {@code schemas}. */
  public CustomResources(KindTable kinds, Schemas schemas, InstantSource clock) {
    this.kinds = kinds;
    this.schemas = schemas;
    this.clock = clock;
  }

  @Override
  public void beforeCreate(Kind kind, ObjectNode definition) {
    if (!isDefinition(kind)) {
      return;
    }
    check(definition);
    ObjectNode status = definition.putObject("status");
    String conflict = conflict(definition);
    condition(
        status,
        "NamesAccepted",
        conflict.isEmpty(),
        conflict.isEmpty() ? "NoConflicts" : "Conflict",
        conflict.isEmpty() ? "no conflicts found" : conflict);
    condition(
        status,
        "Established",
        conflict.isEmpty(),
        conflict.isEmpty() ? "InitialNamesAccepted" : "NotAccepted",
        conflict.isEmpty() ? "the initial names have been accepted" : "not all names are accepted");
    accept(definition, status);
  }

  @Override
  public void beforeUpdate(Kind kind, ObjectNode definition, ObjectNode old) {
    if (isDefinition(kind)) {
      check(definition);
      accept(definition, definition.withObject("/status"));
    }
  }

  private static void check(ObjectNode definition) {
    List<Failure.Cause> causes = CustomSchemas.checkDefinition(definition);
    if (!causes.isEmpty()) {
      throw Failure.invalid(
              "apiextensions.k8s.io",
              "CustomResourceDefinition",
              Documents.name(definition),
              causes)
          .asException();
    }
  }

  private void condition(
      ObjectNode status, String type, boolean holds, String reason, String message) {
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode known ? known : status.putArray("conditions");
    conditions
        .addObject()
        .put("type", type)
        .put("status", holds ? "True" : "False")
        .put("lastTransitionTime", Json.time(clock.instant()))
        .put("reason", reason)
        .put("message", message);
  }

  private static void accept(ObjectNode definition, ObjectNode status) {
    status.set("acceptedNames", definition.path("spec").path("names").deepCopy());
    Set<String> stored = new java.util.LinkedHashSet<>();
    status.path("storedVersions").forEach(version -> stored.add(version.asString("")));
    for (JsonNode version : definition.path("spec").path("versions")) {
      if (version.path("storage").asBoolean(false)) {
        stored.add(version.path("name").asString(""));
      }
    }
    ArrayNode list = status.putArray("storedVersions");
    stored.forEach(list::add);
  }

  /** Why the names cannot be had, or the empty string. */
  private String conflict(ObjectNode definition) {
    JsonNode spec = definition.path("spec");
    String group = spec.path("group").asString("");
    JsonNode names = spec.path("names");
    for (Kind other : kinds.all()) {
      boolean rival =
          other.group().equals(group) && !other.plural().equals(names.path("plural").asString(""));
      if (rival && other.kind().equals(names.path("kind").asString(""))) {
        return "\"" + other.kind() + "\" is already in use";
      }
    }
    return "";
  }

  @Override
  public void afterWrite(Kind kind, ObjectNode definition) {
    if (isDefinition(kind)) {
      open(definition);
    }
  }

  @Override
  public void afterDelete(Kind kind, ObjectNode definition) {
    if (isDefinition(kind)) {
      close(definition);
    }
  }

  /** Serves what a stored definition, with its resourceVersion, describes. */
  public synchronized void open(ObjectNode definition) {
    String name = Documents.name(definition);
    long revision = Long.parseLong(Documents.text(definition, "resourceVersion"));
    if (opened.getOrDefault(name, 0L) >= revision || !established(definition)) {
      return;
    }
    opened.put(name, revision);
    JsonNode spec = definition.path("spec");
    String group = spec.path("group").asString("");
    boolean preserve = spec.path("preserveUnknownFields").asBoolean(false);
    Set<Gvk> now = new HashSet<>();
    for (JsonNode version : spec.path("versions")) {
      Gvk gvk =
          new Gvk(
              group,
              version.path("name").asString(""),
              spec.path("names").path("kind").asString(""));
      ObjectNode schema =
          version.path("schema").get("openAPIV3Schema") instanceof ObjectNode known
              ? known
              : Json.object();
      schemas.putCustom(gvk, schema, preserve);
      now.add(gvk);
    }
    Set<Gvk> before = served.put(name, now);
    if (before != null) {
      before.stream().filter(gvk -> !now.contains(gvk)).forEach(schemas::removeCustom);
    }
    kinds.replace(
        group, spec.path("names").path("plural").asString(""), CustomKinds.of(definition));
  }

  private static boolean established(JsonNode definition) {
    for (JsonNode condition : definition.path("status").path("conditions")) {
      if (condition.path("type").asString("").equals("Established")) {
        return condition.path("status").asString("").equals("True");
      }
    }
    return false;
  }

  /** Stops serving a definition that is gone. */
  public synchronized void close(ObjectNode definition) {
    String name = Documents.name(definition);
    opened.remove(name);
    Set<Gvk> before = served.remove(name);
    if (before != null) {
      before.forEach(schemas::removeCustom);
    }
    JsonNode spec = definition.path("spec");
    kinds.replace(
        spec.path("group").asString(""), spec.path("names").path("plural").asString(""), List.of());
  }

  static boolean isDefinition(Kind kind) {
    return kind.group().equals("apiextensions.k8s.io")
        && kind.kind().equals("CustomResourceDefinition");
  }
}
