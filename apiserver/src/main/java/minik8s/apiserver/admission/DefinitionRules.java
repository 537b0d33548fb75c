package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of CustomResourceDefinitions; the schemas inside are judged where schemas live.
 * Stateless.
 */
final class DefinitionRules implements Rules {
  private static final Path NAMES = Path.SPEC.child("names");
  private static final Path VERSIONS = Path.SPEC.child("versions");

  @Override
  public void defaults(ObjectNode doc) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      return;
    }
    ObjectNode names = object(spec, "names");
    if (names != null && !text(names, "kind").isEmpty()) {
      fill(names, "singular", text(names, "kind").toLowerCase(Locale.ROOT));
      fill(names, "listKind", text(names, "kind") + "List");
    }
    fill(ensure(spec, "conversion"), "strategy", "None");
  }

  @Override
  public void create(ObjectNode doc) {
    ObjectNode status = ensure(doc, "status");
    for (JsonNode version : doc.path("spec").path("versions")) {
      if (Docs.isTrue(version, "storage") && Docs.isEmptyList(status, "storedVersions")) {
        status.putArray("storedVersions").add(text(version, "name"));
      }
    }
  }

  @Override
  public void validate(ObjectNode doc, List<FieldError> errors) {
    JsonNode spec = doc.path("spec");
    JsonNode names = spec.path("names");
    String group = text(spec, "group");
    String expected = text(names, "plural") + "." + group;
    String name = text(doc.path("metadata"), "name");
    if (!name.equals(expected)) {
      errors.add(
          FieldError.invalid(
              Path.METADATA.child("name"), name, "must be spec.names.plural+\".\"+spec.group"));
    }
    group(group, errors);
    String scope = text(spec, "scope");
    Set<String> scopes = Set.of("Cluster", "Namespaced");
    if (scope.isEmpty()) {
      errors.add(FieldError.required(Path.SPEC.child("scope")));
    } else {
      Check.oneOf(spec, "scope", Path.SPEC, scopes, errors);
    }
    versions(spec, errors);
    names(names, errors);
    conversion(spec.path("conversion"), errors);
  }

  private static void group(String group, List<FieldError> errors) {
    Path at = Path.SPEC.child("group");
    if (group.isEmpty()) {
      errors.add(FieldError.required(at));
      return;
    }
    Check.name(group, Names::subdomain, at, errors);
    if (group.indexOf('.') < 0) {
      errors.add(FieldError.invalid(at, group, "should be a domain with at least one dot"));
    }
  }

  private static void versions(JsonNode spec, List<FieldError> errors) {
    int stored = 0;
    int index = 0;
    Set<String> seen = new HashSet<>();
    for (ObjectNode version : objects(spec, "versions")) {
      Path at = VERSIONS.index(index++);
      String name = text(version, "name");
      Check.name(name, Names::label1035, at.child("name"), errors);
      if (!seen.add(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      }
      stored += Docs.isTrue(version, "storage") ? 1 : 0;
      if (object(version.path("schema"), "openAPIV3Schema") == null) {
        errors.add(
            FieldError.required(
                at.child("schema").child("openAPIV3Schema"), "schemas are required"));
      }
      columns(version, at, errors);
      scale(
          version.path("subresources").path("scale"),
          at.child("subresources").child("scale"),
          errors);
    }
    if (index == 0) {
      errors.add(FieldError.required(VERSIONS, "must have at least one version"));
    } else if (stored != 1) {
      errors.add(
          FieldError.invalid(
              VERSIONS,
              spec.path("versions"),
              "must have exactly one version marked as storage version"));
    }
  }

  private static void columns(ObjectNode version, Path at, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode column : objects(version, "additionalPrinterColumns")) {
      Path path = at.child("additionalPrinterColumns").index(index++);
      Check.required(column, "name", path, errors);
      Set<String> types = Set.of("boolean", "date", "integer", "number", "string");
      if (!types.contains(text(column, "type"))) {
        errors.add(FieldError.notSupported(path.child("type"), text(column, "type"), types));
      }
      Check.required(column, "jsonPath", path, errors);
    }
  }

  private static void scale(JsonNode scale, Path at, List<FieldError> errors) {
    if (!scale.isObject()) {
      return;
    }
    for (String field : List.of("specReplicasPath", "statusReplicasPath")) {
      String prefix = field.startsWith("spec") ? ".spec." : ".status.";
      String path = text(scale, field);
      if (path.isEmpty()) {
        errors.add(FieldError.required(at.child(field)));
      } else if (!path.startsWith(prefix)) {
        errors.add(
            FieldError.invalid(
                at.child(field),
                path,
                "should be a json path under " + prefix.substring(0, prefix.length() - 1)));
      }
    }
  }

  private static void names(JsonNode names, List<FieldError> errors) {
    for (String field : List.of("plural", "singular")) {
      String name = text(names, field);
      if (name.isEmpty() && field.equals("plural")) {
        errors.add(FieldError.required(NAMES.child(field)));
      } else if (!name.isEmpty()) {
        Check.name(name, Names::label1035, NAMES.child(field), errors);
      }
    }
    for (String field : List.of("kind", "listKind")) {
      String name = text(names, field);
      if (name.isEmpty() && field.equals("kind")) {
        errors.add(FieldError.required(NAMES.child(field)));
      } else if (!name.isEmpty()) {
        Check.name(name.toLowerCase(Locale.ROOT), Names::label1035, NAMES.child(field), errors);
      }
    }
    if (!text(names, "kind").isEmpty() && text(names, "kind").equals(text(names, "listKind"))) {
      errors.add(
          FieldError.invalid(
              NAMES.child("listKind"),
              text(names, "listKind"),
              "kind and listKind may not be the same"));
    }
    for (String field : List.of("shortNames", "categories")) {
      int index = 0;
      for (JsonNode name : names.path(field)) {
        Check.name(name.asString(""), Names::label1035, NAMES.child(field).index(index++), errors);
      }
    }
  }

  private static void conversion(JsonNode conversion, List<FieldError> errors) {
    Path at = Path.SPEC.child("conversion");
    Check.oneOf(conversion, "strategy", at, Set.of("None", "Webhook"), errors);
    if (text(conversion, "strategy").equals("Webhook")
        && object(conversion.path("webhook"), "clientConfig") == null) {
      errors.add(
          FieldError.required(
              at.child("webhook").child("clientConfig"),
              "required when strategy is set to \"Webhook\""));
    }
  }

  @Override
  public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    JsonNode spec = doc.path("spec");
    JsonNode before = old.path("spec");
    Check.immutable(spec, before, "group", Path.SPEC, errors);
    Check.immutable(spec, before, "scope", Path.SPEC, errors);
    for (String field : List.of("plural", "kind")) {
      Check.immutable(spec.path("names"), before.path("names"), field, NAMES, errors);
    }
    int index = 0;
    for (JsonNode stored : old.path("status").path("storedVersions")) {
      String name = stored.asString("");
      boolean present =
          spec.path("versions").valueStream().anyMatch(v -> text(v, "name").equals(name));
      if (!present) {
        errors.add(
            FieldError.invalid(
                Path.STATUS.child("storedVersions").index(index),
                name,
                "missing from spec.versions; "
                    + name
                    + " was previously a storage version, and"
                    + " must remain in spec.versions until a storage migration ensures no data"
                    + " remains persisted in "
                    + name
                    + " and removes "
                    + name
                    + " from"
                    + " status.storedVersions"));
      }
      index++;
    }
  }

  @Override
  public void warnings(ObjectNode doc, List<String> warnings) {
    if (text(doc.path("spec").path("conversion"), "strategy").equals("Webhook")) {
      warnings.add("spec.conversion.webhook: stored but not acted on by this release");
    }
  }
}
