package minik8s.apiserver.registry;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.admission.Admission;
import minik8s.apiserver.admission.EphemeralContainers;
import minik8s.apiserver.admission.FieldError;
import minik8s.apiserver.admission.Strategies;
import minik8s.apiserver.admission.Strategy;
import minik8s.apiserver.kinds.Conversions;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.schema.CustomSchemas;
import minik8s.apiserver.schema.Gvk;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.watchcache.CachedObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Create and change, generic over kinds: names, uid, ownership of fields, defaults, validity,
 * compare-and-swap.
 *
 * <p>Thread-safe.
 */
public final class ObjectWriter {
  private static final int NAME_ATTEMPTS = 8;

  /** Which part of an object a change may touch. */
  public enum Part {
    MAIN,
    STATUS,
    /** Only the ephemeral containers of a pod. */
    EPHEMERAL,
    /** Everything, for subresources that own what they change. */
    ALL
  }

  private final Objects objects;
  private final Namespaces namespaces;
  private final Strategies strategies;
  private final Admission admission;
  private final Schemas schemas;
  private final List<KindHook> hooks;
  private final InstantSource clock;
  private final Identities identities;

  ObjectWriter(
      Objects objects,
      Namespaces namespaces,
      Strategies strategies,
      Admission admission,
      Schemas schemas,
      List<KindHook> hooks,
      InstantSource clock,
      Identities identities) {
    this.objects = objects;
    this.namespaces = namespaces;
    this.strategies = strategies;
    this.admission = admission;
    this.schemas = schemas;
    this.hooks = List.copyOf(hooks);
    this.clock = clock;
    this.identities = identities;
  }

  /** Creates an object out of a document in the version of {@code kind}, which is used up. */
  public Written create(Kind kind, String namespace, ObjectNode document, boolean dryRun) {
    namespaces.place(kind, namespace, document);
    if (!Documents.text(document, "resourceVersion").isEmpty()) {
      throw Failure.internal("resourceVersion should not be set on objects to be created")
          .asException();
    }
    Strategy strategy = strategies.of(kind);
    Documents.strip(document);
    Documents.dropServerOwned(document);
    CustomSchemas.applyDefaults(schema(kind), document);
    Conversions.toStorage(kind, document);
    strategy.prepareForCreate(document);
    strategy.applyDefaults(document);
    ObjectNode metadata = Documents.metadata(document);
    metadata.put("uid", identities.uid());
    metadata.put("creationTimestamp", Json.time(clock.instant()));
    String base = Documents.text(document, "generateName");
    boolean generated = Documents.name(document).isEmpty() && !base.isEmpty();
    for (int attempt = 1; ; attempt++) {
      if (generated) {
        metadata.put("name", Names.generate(base, identities));
      }
      try {
        return store(kind, namespace, document, strategy, dryRun, attempt == 1);
      } catch (StoreException.Exists e) {
        if (!generated || attempt == NAME_ATTEMPTS) {
          throw Failure.alreadyExists(kind.group(), kind.plural(), Documents.name(document))
              .asException();
        }
      } catch (StoreException e) {
        throw StoreFailures.translate(e);
      }
    }
  }

  private Written store(
      Kind kind,
      String namespace,
      ObjectNode document,
      Strategy strategy,
      boolean dryRun,
      boolean first) {
    String name = Documents.name(document);
    if (first) {
      admission.admitCreate(kind, document);
      hooks.forEach(hook -> hook.beforeCreate(kind, document));
      refuse(kind, name, FieldError.causes(strategy.validate(document)));
      refuseCustom(kind, name, document);
      namespaces.requireOpen(kind, namespace, name);
    }
    List<String> warnings = strategy.warnings(document);
    hooks.forEach(hook -> hook.charge(kind, null, document, dryRun));
    if (dryRun) {
      return new Written(document, null, false, warnings);
    }
    CachedObject made =
        charged(
            kind,
            document,
            null,
            () -> {
              hooks.forEach(hook -> hook.reserve(kind, document));
              return objects.create(kind, namespace, name, Documents.encode(document));
            });
    Documents.metadata(document).put("resourceVersion", Long.toString(made.revision()));
    hooks.forEach(hook -> hook.afterWrite(kind, document));
    return new Written(document, made, false, warnings);
  }

  /**
   * Changes an object.
   *
   * @param change makes the wished document out of the present one, both in the version of the
   *     target's kind; called again after a lost race
   */
  public Written change(
      Target target, Part part, boolean dryRun, UnaryOperator<ObjectNode> change) {
    return objects.change(
        target, true, (seen, fresh) -> attempt(target, part, dryRun, change, seen, fresh));
  }

  private Written attempt(
      Target target,
      Part part,
      boolean dryRun,
      UnaryOperator<ObjectNode> change,
      Entry seen,
      boolean fresh) {
    Kind kind = target.kind();
    ObjectNode old = Documents.decode(seen.value());
    ObjectNode served = old.deepCopy();
    Documents.metadata(served).put("resourceVersion", Long.toString(seen.revision()));
    Conversions.fromStorage(kind, served);
    ObjectNode wished = change.apply(served);
    requireSame(target, wished, old, seen);
    List<String> warnings = settle(target, part, wished, old);
    boolean removed = Documents.deleting(wished) && !Documents.held(wished) && graceless(wished);
    if (removed) {
      return remove(seen, wished, dryRun, kind);
    }
    byte[] document = Documents.encode(wished);
    if (same(document, seen.value(), old)) {
      if (!fresh) {
        throw new Objects.Unchanged();
      }
      return written(wished, objects.cached(seen), warnings);
    }
    if (part == Part.MAIN) {
      hooks.forEach(hook -> hook.charge(kind, old, wished, dryRun));
    }
    if (dryRun) {
      return new Written(wished, null, false, warnings);
    }
    CachedObject stored =
        charged(
            kind,
            wished,
            old,
            () -> {
              hooks.forEach(hook -> hook.reserve(kind, wished));
              return objects.replace(seen, document);
            });
    hooks.forEach(hook -> hook.refund(kind, old, wished));
    // Hooks are told the revision, so it goes into the document first.
    Written done = written(wished, stored, warnings);
    hooks.forEach(hook -> hook.afterWrite(kind, wished));
    return done;
  }

  /**
   * Stores what was charged. The charge is given back when it is certain that nothing was stored;
   * after a time-out it is not, and then the charge stays until somebody counts.
   */
  private CachedObject charged(
      Kind kind, ObjectNode wished, @Nullable ObjectNode old, Supplier<CachedObject> storing) {
    try {
      return storing.get();
    } catch (StoreException.Exists | StoreException.Changed | ApiException e) {
      hooks.forEach(hook -> hook.refund(kind, wished, old));
      throw e;
    }
  }

  /** Brings a wished document into the shape in which it may be stored. */
  private List<String> settle(Target target, Part part, ObjectNode wished, ObjectNode old) {
    Kind kind = target.kind();
    Strategy strategy = strategies.of(kind);
    Documents.strip(wished);
    if (part == Part.MAIN) {
      CustomSchemas.applyDefaults(schema(kind), wished);
    }
    Conversions.toStorage(kind, wished);
    if (part != Part.ALL) {
      Documents.keepServerOwned(wished, old);
    }
    List<FieldError> errors =
        switch (part) {
          case STATUS -> {
            strategy.prepareForStatusUpdate(wished, old);
            yield strategy.validateStatusUpdate(wished, old);
          }
          case MAIN -> {
            strategy.prepareForUpdate(wished, old);
            strategy.applyDefaults(wished);
            admission.admitUpdate(kind, wished, old);
            hooks.forEach(hook -> hook.beforeUpdate(kind, wished, old));
            yield strategy.validateUpdate(wished, old);
          }
          case EPHEMERAL -> {
            EphemeralContainers.prepare(wished, old);
            yield EphemeralContainers.validate(wished, old);
          }
          case ALL -> List.of();
        };
    refuse(kind, target.name(), FieldError.causes(errors));
    refuseCustom(kind, target.name(), wished);
    if (part == Part.MAIN || part == Part.EPHEMERAL) {
      strategy.stampGeneration(wished, old);
    }
    return part == Part.MAIN ? strategy.warnings(wished) : List.of();
  }

  private Written remove(Entry seen, ObjectNode wished, boolean dryRun, Kind kind) {
    if (!dryRun) {
      objects.delete(seen);
      hooks.forEach(hook -> hook.afterDelete(kind, wished));
    }
    Documents.metadata(wished).put("resourceVersion", Long.toString(seen.revision()));
    return new Written(wished, null, true, List.of());
  }

  private static Written written(ObjectNode document, CachedObject stored, List<String> warnings) {
    Documents.metadata(document).put("resourceVersion", Long.toString(stored.revision()));
    return new Written(document, stored, false, warnings);
  }

  /** Whether nothing would change; the same fields in another order count as the same. */
  private static boolean same(byte[] document, byte[] stored, ObjectNode old) {
    return Arrays.equals(document, stored)
        || (document.length == stored.length && Documents.decode(document).equals(old));
  }

  private static boolean graceless(ObjectNode document) {
    return document.path("metadata").path("deletionGracePeriodSeconds").asLong(0) == 0;
  }

  private static void requireSame(Target target, ObjectNode wished, ObjectNode old, Entry seen) {
    Kind kind = target.kind();
    String version = Documents.text(wished, "resourceVersion");
    boolean stale =
        !version.isEmpty()
            && !version.equals("0")
            && !version.equals(Long.toString(seen.revision()));
    if (stale) {
      throw Failure.modified(kind.group(), kind.plural(), target.name()).asException();
    }
    String uid = Documents.text(wished, "uid");
    String known = Documents.text(old, "uid");
    if (!uid.isEmpty() && !uid.equals(known)) {
      throw Failure.conflict(
              kind.group(),
              kind.plural(),
              target.name(),
              "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + known)
          .asException();
    }
    if (!Documents.name(wished).equals(target.name())) {
      String message = "Invalid value: \"" + Documents.name(wished) + "\": field is immutable";
      Failure.Cause cause = new Failure.Cause("FieldValueInvalid", message, "metadata.name");
      throw Failure.invalid(kind.group(), kind.kind(), target.name(), List.of(cause)).asException();
    }
  }

  private void refuseCustom(Kind kind, String name, ObjectNode document) {
    if (kind.custom()) {
      refuse(kind, name, CustomSchemas.validate(schema(kind), document));
    }
  }

  private static void refuse(Kind kind, String name, List<Failure.Cause> causes) {
    if (!causes.isEmpty()) {
      throw Failure.invalid(kind.group(), kind.kind(), name, causes).asException();
    }
  }

  private minik8s.apiserver.schema.TypeSchema schema(Kind kind) {
    return schemas
        .find(new Gvk(kind.group(), kind.version(), kind.kind()))
        .orElseThrow(() -> new IllegalStateException("no schema of " + kind.qualifiedKind()));
  }
}
