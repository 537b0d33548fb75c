package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The three patch formats of the API. Stateless; inputs are never changed. */
public final class Patches {
  private static final int SHOWN = 200;
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final StrategicMerge STRATEGIC = new StrategicMerge(TypeTable.builtIn());

  private Patches() {}

  /**
   * Applies a patch and checks the result against the schema.
   *
   * @param current the stored document; left as it is
   * @return the new document with unknown fields pruned, and warnings
   * @throws minik8s.api.ApiException 400, 415, 422 or 500, with Kubernetes' texts
   */
  public static Decoded apply(
      PatchType type, TypeSchema schema, ObjectNode current, byte[] patch, FieldValidation mode) {
    DocumentReader reader = new DocumentReader();
    JsonNode parsed;
    try {
      parsed = reader.json(patch);
    } catch (DocumentReader.Malformed e) {
      throw Refusals.badRequest("error decoding patch: " + e.getMessage());
    }
    ObjectNode copy = current.deepCopy();
    if (schema.custom()) {
      // Stored under an older schema, perhaps: what that knew is no fault of this patch.
      schema.prune(copy);
    }
    String shown = shown(parsed);
    ObjectNode patched = patched(type, schema, copy, parsed);
    keepTypeMeta(current, patched);
    List<String> problems = new ArrayList<>(reader.duplicates());
    try {
      problems.addAll(schema.prune(patched));
    } catch (TypeMismatch e) {
      throw Refusals.invalidPatch(shown, String.valueOf(e.getMessage()));
    }
    if (mode == FieldValidation.STRICT && !problems.isEmpty()) {
      throw Refusals.invalidPatch(shown, "strict decoding error: " + String.join(", ", problems));
    }
    return new Decoded(patched, Decoder.warnings(patched, schema.gvk(), mode, problems));
  }

  /** The patch as messages show it, without the copy of the manifest that kubectl keeps in it. */
  private static String shown(JsonNode patch) {
    JsonNode copy = patch.deepCopy();
    if (copy.at("/metadata/annotations") instanceof ObjectNode annotations) {
      annotations.remove(LAST_APPLIED);
    }
    String text = GoText.map(copy);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static ObjectNode patched(
      PatchType type, TypeSchema schema, ObjectNode document, JsonNode patch) {
    return switch (type) {
      case JSON -> JsonPatch.apply(document, patch);
      case MERGE -> JsonPatch.merge(document, patch);
      case STRATEGIC -> {
        if (!(schema instanceof BuiltInSchema builtIn)) {
          throw Refusals.unsupportedMediaType(
              "application/json-patch+json, application/merge-patch+json");
        }
        if (!(patch instanceof ObjectNode object)) {
          throw Refusals.badRequest(
              "error decoding patch: json: cannot unmarshal "
                  + GoText.jsonType(patch)
                  + " into Go value of type map[string]interface {}");
        }
        yield STRATEGIC.object(document, object, builtIn.type());
      }
    };
  }

  private static void keepTypeMeta(ObjectNode current, ObjectNode patched) {
    for (String name : List.of("apiVersion", "kind")) {
      JsonNode old = current.get(name);
      JsonNode now = patched.get(name);
      if (old == null || old.equals(now)) {
        continue;
      }
      if (now != null) {
        throw Refusals.badRequest(
            (name.equals("kind") ? "the kind" : "the API version")
                + " in the data ("
                + now.asString()
                + ") does not match the expected "
                + (name.equals("kind") ? "kind" : "API version")
                + " ("
                + old.asString()
                + ")");
      }
      patched.set(name, old);
    }
  }
}
