package minik8s.apiserver.schema;

import java.util.List;
import minik8s.api.Failure;
import tools.jackson.databind.node.ObjectNode;

/** What custom resources need beyond decoding; built-in schemas pass through. Stateless. */
public final class CustomSchemas {
  private CustomSchemas() {}

  /** Checks a document of a custom kind against its structural schema. */
  public static List<Failure.Cause> validate(TypeSchema schema, ObjectNode document) {
    return List.of();
  }

  /** Fills in the schema's defaults, in place. */
  public static void applyDefaults(TypeSchema schema, ObjectNode document) {}

  /** Removes fields that the schema does not know, in place. */
  public static void prune(TypeSchema schema, ObjectNode document) {
    schema.prune(document);
  }

  /** Checks the schemas inside a CustomResourceDefinition at its creation or update. */
  public static List<Failure.Cause> checkDefinition(ObjectNode definition) {
    return List.of();
  }

  /** What a definition asks for and is not done, as sentences for {@code Warning:} headers. */
  public static List<String> warnings(ObjectNode definition) {
    return List.of();
  }
}
