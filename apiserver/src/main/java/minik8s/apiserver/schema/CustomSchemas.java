package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.Failure;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What custom resources need beyond decoding; built-in schemas pass through. Stateless. */
public final class CustomSchemas {
  private static final String SCHEMA = ".schema.openAPIV3Schema";

  private CustomSchemas() {}

  /**
   * Checks a document of a custom kind against its structural schema.
   *
   * @return what is wrong; empty for built-in kinds
   */
  public static List<Failure.Cause> validate(TypeSchema schema, ObjectNode document) {
    if (!(schema instanceof CustomSchema custom)) {
      return List.of();
    }
    CustomValidator validator = new CustomValidator();
    validator.validate(document, custom.root(), "");
    return validator.causes();
  }

  /** Fills in the schema's defaults, in place; decoding does so too. */
  public static void applyDefaults(TypeSchema schema, ObjectNode document) {
    if (schema instanceof CustomSchema custom) {
      CustomPruner.applyDefaults(document, custom.root());
    }
  }

  /** Removes fields that the schema does not know, in place; decoding does so too. */
  public static void prune(TypeSchema schema, ObjectNode document) {
    schema.prune(document);
  }

  /**
   * Checks the schemas inside a CustomResourceDefinition at its creation or update.
   *
   * @return what is wrong, with paths such as {@code
   *     spec.versions[0].schema.openAPIV3Schema.properties[spec].type}
   */
  public static List<Failure.Cause> checkDefinition(ObjectNode definition) {
    List<Failure.Cause> causes = new ArrayList<>();
    JsonNode spec = definition.path("spec");
    if (spec.path("preserveUnknownFields").asBoolean(false)) {
      causes.add(
          new Failure.Cause(
              "FieldValueInvalid",
              "Invalid value: true: must be false in order to use defaults in the schema",
              "spec.preserveUnknownFields"));
    }
    JsonNode versions = spec.path("versions");
    for (int i = 0; i < versions.size(); i++) {
      String path = "spec.versions[" + i + "]" + SCHEMA;
      JsonNode schema = versions.get(i).path("schema").get("openAPIV3Schema");
      if (schema == null) {
        causes.add(
            new Failure.Cause("FieldValueRequired", "Required value: schemas are required", path));
      } else {
        StructuralCheck check = new StructuralCheck();
        check.root(schema, path);
        causes.addAll(check.causes());
      }
    }
    return causes;
  }

  /** What a definition asks for and is not done, as sentences for {@code Warning:} headers. */
  public static List<String> warnings(ObjectNode definition) {
    List<String> warnings = new ArrayList<>();
    JsonNode spec = definition.path("spec");
    if (spec.path("conversion").path("strategy").asString("None").equals("Webhook")) {
      warnings.add(
          "spec.conversion.strategy: webhooks are not called; versions differ in apiVersion only");
    }
    JsonNode versions = spec.path("versions");
    for (int i = 0; i < versions.size(); i++) {
      JsonNode schema = versions.get(i).path("schema").get("openAPIV3Schema");
      if (schema != null) {
        StructuralCheck.warnings(schema, "spec.versions[" + i + "]" + SCHEMA, warnings);
      }
    }
    return warnings;
  }
}
