package minik8s.apiserver.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of one version of a custom resource. Immutable.
 *
 * @param document the {@code openAPIV3Schema} as it was given; never changed
 */
record CustomSchema(Gvk gvk, ObjectNode document) implements TypeSchema {
  @Override
  public boolean custom() {
    return true;
  }

  @Override
  public List<String> prune(ObjectNode document) {
    return List.of();
  }
}
