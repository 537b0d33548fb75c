package minik8s.apiserver.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The schema of one kind in one version: built in or of a custom resource. Immutable. */
public sealed interface TypeSchema permits BuiltInSchema, CustomSchema {

  /** Whose schema this is. */
  Gvk gvk();

  /** Whether it comes from a CustomResourceDefinition; strategic merge is refused for those. */
  boolean custom();

  /**
   * Checks types and removes unknown fields from {@code document}, in place.
   *
   * @return the problems that {@code fieldValidation} decides about, such as {@code unknown field
   *     "spec.foo"}
   * @throws TypeMismatch where a value has the wrong type
   */
  List<String> prune(ObjectNode document);
}
