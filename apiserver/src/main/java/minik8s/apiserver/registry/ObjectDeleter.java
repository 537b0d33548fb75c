package minik8s.apiserver.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.watchcache.CachedObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Delete: preconditions, grace, finalizers, propagation.
 *
 * <p>Thread-safe. Source of the rules: apiserver's {@code registry/generic/registry/store.go} and
 * the pod strategy.
 */
public final class ObjectDeleter {
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";
  private static final long DEFAULT_GRACE = 30;
  private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  private final Objects objects;
  private final List<KindHook> hooks;
  private final InstantSource clock;

  ObjectDeleter(Objects objects, List<KindHook> hooks, InstantSource clock) {
    this.objects = objects;
    this.hooks = List.copyOf(hooks);
    this.clock = clock;
  }

  /** Deletes an object or marks it as going; {@link Written#removed} says which. */
  public Written delete(Target target, DeleteOptions options) {
    return objects.change(
        target,
        options.resourceVersion().isEmpty(),
        (seen, fresh) -> attempt(target, options, seen, fresh));
  }

  private Written attempt(Target target, DeleteOptions options, Entry seen, boolean fresh) {
    Kind kind = target.kind();
    ObjectNode old = Documents.decode(seen.value());
    requirePreconditions(target, options, old, seen);
    ObjectNode wished = old.deepCopy();
    boolean graceful = isPod(kind);
    long grace = graceful ? grace(old, options) : 0;
    boolean finalizers = finalizers(kind, wished, options);
    boolean waits = finalizers || (graceful && grace > 0) || Documents.held(wished);
    if (!waits) {
      return remove(kind, seen, old, options);
    }
    if (Documents.deleting(old) && (!graceful || grace >= known(old))) {
      return unchangedOr(seen, fresh, wished, old, options);
    }
    mark(kind, wished, old, grace);
    return store(kind, seen, wished, options);
  }

  private Written unchangedOr(
      Entry seen, boolean fresh, ObjectNode wished, ObjectNode old, DeleteOptions options) {
    if (wished.equals(old)) {
      if (!fresh) {
        throw new Objects.Unchanged();
      }
      Documents.metadata(wished).put("resourceVersion", Long.toString(seen.revision()));
      return new Written(wished, objects.cached(seen), false, List.of());
    }
    return options.dryRun()
        ? new Written(wished, null, false, List.of())
        : stored(wished, objects.replace(seen, Documents.encode(wished)));
  }

  private Written store(Kind kind, Entry seen, ObjectNode wished, DeleteOptions options) {
    if (options.dryRun()) {
      return new Written(wished, null, false, List.of());
    }
    Written written = stored(wished, objects.replace(seen, Documents.encode(wished)));
    hooks.forEach(hook -> hook.afterWrite(kind, wished));
    return written;
  }

  private static Written stored(ObjectNode wished, CachedObject object) {
    Documents.metadata(wished).put("resourceVersion", Long.toString(object.revision()));
    return new Written(wished, object, false, List.of());
  }

  private Written remove(Kind kind, Entry seen, ObjectNode old, DeleteOptions options) {
    long revision = seen.revision();
    if (!options.dryRun()) {
      revision = objects.delete(seen);
      hooks.forEach(hook -> hook.afterDelete(kind, old));
    }
    Documents.metadata(old).put("resourceVersion", Long.toString(revision));
    return new Written(old, null, true, List.of());
  }

  private void mark(Kind kind, ObjectNode wished, ObjectNode old, long grace) {
    ObjectNode metadata = Documents.metadata(wished);
    Instant start =
        Documents.deleting(old)
            ? Instant.parse(Documents.text(old, "deletionTimestamp")).minusSeconds(known(old))
            : clock.instant();
    metadata.put("deletionTimestamp", Json.time(start.plusSeconds(grace)));
    metadata.put("deletionGracePeriodSeconds", grace);
    if (kind.generation() && !Documents.deleting(old)) {
      metadata.put("generation", old.path("metadata").path("generation").asLong(0) + 1);
    }
    if (isNamespace(kind)) {
      ObjectNode status =
          wished.get("status") instanceof ObjectNode known ? known : wished.putObject("status");
      status.put("phase", "Terminating");
    }
  }

  /** Adds and removes the finalizers that the propagation asks for; says whether any is left. */
  private static boolean finalizers(Kind kind, ObjectNode wished, DeleteOptions options) {
    List<String> names = new ArrayList<>();
    wished
        .path("metadata")
        .path("finalizers")
        .forEach(finalizer -> names.add(finalizer.asString("")));
    switch (propagation(kind, names, options)) {
      case "Orphan" -> {
        names.remove(FOREGROUND);
        addOnce(names, ORPHAN);
      }
      case "Foreground" -> {
        names.remove(ORPHAN);
        addOnce(names, FOREGROUND);
      }
      default -> names.removeAll(List.of(ORPHAN, FOREGROUND));
    }
    if (CustomResources.isDefinition(kind) && !Documents.deleting(wished)) {
      addOnce(names, CustomResources.FINALIZER);
    }
    ObjectNode metadata = Documents.metadata(wished);
    if (names.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      ArrayNode list = metadata.putArray("finalizers");
      names.forEach(list::add);
    }
    return !names.isEmpty();
  }

  private static String propagation(Kind kind, List<String> finalizers, DeleteOptions options) {
    if (!options.propagation().isEmpty()) {
      return options.propagation();
    }
    if (finalizers.contains(ORPHAN)) {
      return "Orphan";
    }
    if (finalizers.contains(FOREGROUND)) {
      return "Foreground";
    }
    boolean job = kind.group().equals("batch") && kind.kind().equals("Job");
    boolean controller = kind.group().isEmpty() && kind.kind().equals("ReplicationController");
    return job || controller ? "Orphan" : "Background";
  }

  private static void addOnce(List<String> names, String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
  }

  /** The seconds that a pod gets: none when it was never on a node or has already ended. */
  private static long grace(ObjectNode pod, DeleteOptions options) {
    boolean unscheduled = pod.path("spec").path("nodeName").asString("").isEmpty();
    if (unscheduled || FINISHED.contains(pod.path("status").path("phase").asString(""))) {
      return 0;
    }
    Long asked = options.graceSeconds();
    long grace =
        asked == null
            ? pod.path("spec").path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE)
            : asked;
    return grace < 0 ? 1 : grace;
  }

  private static long known(ObjectNode document) {
    return document.path("metadata").path("deletionGracePeriodSeconds").asLong(0);
  }

  private static void requirePreconditions(
      Target target, DeleteOptions options, JsonNode old, Entry seen) {
    String uid = Documents.text(old, "uid");
    if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
      throw refused(
          target,
          "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
              .formatted(options.uid(), uid));
    }
    String version = Long.toString(seen.revision());
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
      throw refused(
          target,
          "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). The object might have been modified"
              .formatted(options.resourceVersion(), version));
    }
  }

  private static RuntimeException refused(Target target, String detail) {
    Kind kind = target.kind();
    return Failure.conflict(kind.group(), kind.kind(), target.name(), detail).asException();
  }

  private static boolean isPod(Kind kind) {
    return kind.group().isEmpty() && kind.kind().equals("Pod");
  }

  private static boolean isNamespace(Kind kind) {
    return kind.group().isEmpty() && kind.kind().equals("Namespace");
  }
}
