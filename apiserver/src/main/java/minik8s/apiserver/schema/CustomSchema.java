package minik8s.apiserver.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The schema of one version of a custom resource. Immutable. */
record CustomSchema(Gvk gvk) implements TypeSchema {
  @Override
  public boolean custom() {
    return true;
  }

  @Override
  public List<String> prune(ObjectNode document) {
    return List.of();
  }
}
