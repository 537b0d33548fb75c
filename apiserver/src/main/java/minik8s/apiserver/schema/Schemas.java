package minik8s.apiserver.schema;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** All known schemas: the built-in kinds and the custom ones added at run time. Thread-safe. */
public final class Schemas {
  private final Map<Gvk, CustomSchema> custom = new ConcurrentHashMap<>();

  /** The schema of a kind, if it is served. */
  public Optional<TypeSchema> find(Gvk gvk) {
    TypeSchema own = custom.get(gvk);
    return Optional.ofNullable(own == null ? new BuiltInSchema(gvk) : own);
  }

  /**
   * Adds or replaces the schema of one version of a custom resource.
   *
   * @param openApiV3Schema the version's {@code schema.openAPIV3Schema}
   * @param preserveUnknown the definition's {@code spec.preserveUnknownFields}
   */
  public void putCustom(Gvk gvk, ObjectNode openApiV3Schema, boolean preserveUnknown) {
    custom.put(gvk, new CustomSchema(gvk));
  }

  /** Forgets a custom kind; unknown ones are ignored. */
  public void removeCustom(Gvk gvk) {
    custom.remove(gvk);
  }
}
