package minik8s.apiserver.admission;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.apiserver.admission.Rules.NameRule;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every object's metadata must be. Immutable.
 *
 * <p>Source: apimachinery's {@code ValidateObjectMeta} and {@code ValidateObjectMetaUpdate}.
 */
final class MetadataRules {
  private static final int ANNOTATIONS_LIMIT = 256 * 1024;
  private static final Set<String> STANDARD_FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");
  private static final Path LABELS = Path.METADATA.child("labels");
  private static final Path ANNOTATIONS = Path.METADATA.child("annotations");
  private static final Path FINALIZERS = Path.METADATA.child("finalizers");

  private final boolean namespaced;
  private final NameRule names;

  MetadataRules(boolean namespaced, NameRule names) {
    this.namespaced = namespaced;
    this.names = names;
  }

  void validate(ObjectNode doc, List<FieldError> errors) {
    JsonNode meta = doc.path("metadata");
    name(meta, errors);
    namespace(meta, errors);
    labels(meta.path("labels"), LABELS, errors);
    annotations(meta.path("annotations"), ANNOTATIONS, errors);
    ownerReferences(meta, errors);
    finalizers(meta, errors);
  }

  private void name(JsonNode meta, List<FieldError> errors) {
    String generated = Docs.text(meta, "generateName");
    String name = Docs.text(meta, "name");
    if (!generated.isEmpty() && name.isEmpty()) {
      String stem =
          generated.endsWith("-") ? generated.substring(0, generated.length() - 1) : generated;
      for (String problem : names.problems(stem)) {
        errors.add(FieldError.invalid(Path.METADATA.child("generateName"), generated, problem));
      }
    }
    Path path = Path.METADATA.child("name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, "name or generateName is required"));
      return;
    }
    for (String problem : names.problems(name)) {
      errors.add(FieldError.invalid(path, name, problem));
    }
  }

  private void namespace(JsonNode meta, List<FieldError> errors) {
    Path path = Path.METADATA.child("namespace");
    String namespace = Docs.text(meta, "namespace");
    if (!namespaced) {
      if (!namespace.isEmpty()) {
        errors.add(FieldError.forbidden(path, "not allowed on this type"));
      }
      return;
    }
    if (namespace.isEmpty()) {
      errors.add(FieldError.required(path));
      return;
    }
    for (String problem : Names.label(namespace)) {
      errors.add(FieldError.invalid(path, namespace, problem));
    }
  }

  /** The rules of label maps, here and in pod templates. */
  static void labels(JsonNode labels, Path path, List<FieldError> errors) {
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      for (String problem : Names.qualifiedName(label.getKey())) {
        errors.add(FieldError.invalid(path, label.getKey(), problem));
      }
      String value = label.getValue().asString("");
      for (String problem : Names.labelValue(value)) {
        errors.add(FieldError.invalid(path, value, problem));
      }
    }
  }

  static void annotations(JsonNode annotations, Path path, List<FieldError> errors) {
    long size = 0;
    for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
      String key = annotation.getKey();
      for (String problem : Names.qualifiedName(lowerCased(key))) {
        errors.add(FieldError.invalid(path, key, problem));
      }
      size += key.length() + utf8Length(annotation.getValue().asString(""));
    }
    if (size > ANNOTATIONS_LIMIT) {
      errors.add(FieldError.tooLong(path, ANNOTATIONS_LIMIT));
    }
  }

  /** Annotation keys may have upper-case prefixes; almost none has, so copy only then. */
  private static String lowerCased(String key) {
    for (int i = 0; i < key.length(); i++) {
      if (Character.isUpperCase(key.charAt(i))) {
        return key.toLowerCase(java.util.Locale.ROOT);
      }
    }
    return key;
  }

  private static int utf8Length(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }

  private static void ownerReferences(JsonNode meta, List<FieldError> errors) {
    Path path = Path.METADATA.child("ownerReferences");
    int index = 0;
    int controllers = 0;
    for (ObjectNode owner : Docs.objects(meta, "ownerReferences")) {
      Path at = path.index(index++);
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Docs.blank(owner, field)) {
          String what =
              field.equals("apiVersion")
                  ? "version must not be empty"
                  : field + " must not be empty";
          errors.add(FieldError.invalid(at.child(field), "", what));
        }
      }
      controllers += Docs.isTrue(owner, "controller") ? 1 : 0;
    }
    if (controllers > 1) {
      errors.add(
          FieldError.invalid(
              path,
              meta.path("ownerReferences"),
              "Only one reference can have Controller set to true. Found \"true\" in references"
                  + " for more than one owner"));
    }
  }

  private static void finalizers(JsonNode meta, List<FieldError> errors) {
    int index = 0;
    for (JsonNode each : meta.path("finalizers")) {
      Path path = FINALIZERS.index(index++);
      String name = each.asString("");
      List<String> problems = Names.qualifiedName(name);
      for (String problem : problems) {
        errors.add(FieldError.invalid(path, name, problem));
      }
      if (problems.isEmpty() && name.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(name)) {
        errors.add(
            FieldError.invalid(
                path, name, "name is neither a standard finalizer name nor is it fully qualified"));
      }
    }
  }

  void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    JsonNode meta = doc.path("metadata");
    JsonNode before = old.path("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp")) {
      if (!sameInstantOrText(meta, before, field)) {
        errors.add(FieldError.immutable(Path.METADATA.child(field), meta.path(field)));
      }
    }
    if (Docs.present(before, "deletionTimestamp")) {
      newFinalizers(meta, before, errors);
    }
  }

  private static boolean sameInstantOrText(JsonNode meta, JsonNode before, String field) {
    String now = Docs.text(meta, field);
    String then = Docs.text(before, field);
    if (now.equals(then)) {
      return true;
    }
    // Clients send times back with fractions of a second.
    return field.endsWith("Timestamp")
        && now.length() > 19
        && then.length() > 19
        && now.regionMatches(0, then, 0, 19);
  }

  private static void newFinalizers(JsonNode meta, JsonNode before, List<FieldError> errors) {
    List<JsonNode> present = new ArrayList<>();
    before.path("finalizers").forEach(present::add);
    ArrayNode added = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : meta.path("finalizers")) {
      if (!present.contains(each)) {
        added.add(each);
      }
    }
    if (!added.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              FINALIZERS,
              "no new finalizers can be added if the object is being deleted, found new"
                  + " finalizers "
                  + goStrings(added)));
    }
  }

  private static String goStrings(ArrayNode values) {
    StringBuilder out = new StringBuilder("[]string{");
    String separator = "";
    for (JsonNode value : values) {
      out.append(separator).append(FieldError.quote(value.asString("")));
      separator = ", ";
    }
    return out.append('}').toString();
  }
}
