package minik8s.apiserver.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The schema of a kind that is built in. Immutable. */
record BuiltInSchema(Gvk gvk, ObjectType type) implements TypeSchema {
  @Override
  public boolean custom() {
    return false;
  }

  @Override
  public List<String> prune(ObjectNode document) {
    TypeChecker checker = new TypeChecker(TypeTable.builtIn());
    checker.object(document, type, Path.ROOT);
    return checker.unknown();
  }
}
