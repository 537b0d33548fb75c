package minik8s.apiserver.schema;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** All known schemas: the built-in kinds and the custom ones added at run time. Thread-safe. */
public final class Schemas {
  private static final Gvk DELETE_OPTIONS = new Gvk("", "v1", "DeleteOptions");

  private final TypeTable table = TypeTable.builtIn();
  private final Map<Gvk, TypeSchema> builtIn = new ConcurrentHashMap<>();
  private final Map<Gvk, CustomSchema> custom = new ConcurrentHashMap<>();

  /** The schema of a kind, if it is known. DeleteOptions belong to every group. */
  public Optional<TypeSchema> find(Gvk gvk) {
    TypeSchema known = builtIn.get(gvk);
    if (known == null) {
      known = custom.get(gvk);
    }
    return known == null ? load(gvk) : Optional.of(known);
  }

  private Optional<TypeSchema> load(Gvk gvk) {
    ObjectType type = table.kind(gvk);
    if (type == null) {
      return gvk.kind().equals(DELETE_OPTIONS.kind()) ? find(DELETE_OPTIONS) : Optional.empty();
    }
    TypeSchema schema = new BuiltInSchema(gvk, type);
    builtIn.put(gvk, schema);
    return Optional.of(schema);
  }

  /**
   * Adds or replaces the schema of one version of a custom resource.
   *
   * @param openApiV3Schema the version's {@code schema.openAPIV3Schema}
   * @param preserveUnknown the definition's {@code spec.preserveUnknownFields}
   */
  public void putCustom(Gvk gvk, ObjectNode openApiV3Schema, boolean preserveUnknown) {
    custom.put(
        gvk,
        new CustomSchema(
            gvk, openApiV3Schema.deepCopy(), JsonSchema.parse(openApiV3Schema), preserveUnknown));
  }

  /** Forgets a custom kind; unknown ones are ignored. */
  public void removeCustom(Gvk gvk) {
    custom.remove(gvk);
  }

  /** The custom schemas of now. */
  Map<Gvk, CustomSchema> custom() {
    return Map.copyOf(custom);
  }
}
