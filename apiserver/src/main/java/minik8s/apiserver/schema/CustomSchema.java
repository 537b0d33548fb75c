package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of one version of a custom resource. Immutable.
 *
 * @param document the {@code openAPIV3Schema} as it was given; never changed
 * @param root the same, ready for use
 * @param preserveUnknown whether the definition turns pruning off altogether
 */
record CustomSchema(Gvk gvk, ObjectNode document, JsonSchema root, boolean preserveUnknown)
    implements TypeSchema {

  @Override
  public boolean custom() {
    return true;
  }

  /** Also fills in defaults, as Kubernetes does whenever it decodes a custom resource. */
  @Override
  public List<String> prune(ObjectNode document) {
    List<String> problems = new ArrayList<>();
    JsonNode metadata = document.get("metadata");
    if (metadata != null) {
      TypeTable table = TypeTable.builtIn();
      TypeChecker checker = new TypeChecker(table);
      if (!(metadata instanceof ObjectNode object)) {
        throw new TypeMismatch(
            "json: cannot unmarshal "
                + GoText.jsonType(metadata)
                + " into Go struct field "
                + gvk.kind()
                + ".metadata of type v1.ObjectMeta");
      }
      checker.object(object, table.type("meta.v1.ObjectMeta"), Path.ROOT.field("metadata"));
      problems.addAll(checker.unknown());
    }
    if (!preserveUnknown) {
      CustomPruner pruner = new CustomPruner();
      pruner.prune(document, root, true, Path.ROOT);
      problems.addAll(pruner.unknown());
    }
    CustomPruner.applyDefaults(document, root);
    return problems;
  }
}
