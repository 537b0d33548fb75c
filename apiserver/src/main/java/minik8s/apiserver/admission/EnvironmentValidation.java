package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with the environment of a container. Stateless. */
final class EnvironmentValidation {
  private static final Set<String> FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final Set<String> VOLUME_FIELDS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");
  private static final Set<String> RESOURCES =
      Set.of(
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.ephemeral-storage");
  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

  private EnvironmentValidation() {}

  static void environment(ObjectNode container, Path at, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode variable : objects(container, "env")) {
      Path each = at.child("env").index(index++);
      if (text(variable, "name").isEmpty()) {
        errors.add(FieldError.required(each.child("name")));
      } else {
        Check.name(text(variable, "name"), KeyNames::environment, each.child("name"), errors);
      }
      ObjectNode from = object(variable, "valueFrom");
      if (from != null) {
        valueFrom(variable, from, each.child("valueFrom"), errors);
      }
    }
    index = 0;
    for (ObjectNode source : objects(container, "envFrom")) {
      envFrom(source, at.child("envFrom").index(index++), errors);
    }
  }

  private static void valueFrom(
      ObjectNode variable, ObjectNode from, Path at, List<FieldError> errors) {
    int sources = 0;
    for (String source : SOURCES) {
      ObjectNode reference = object(from, source);
      if (reference == null) {
        continue;
      }
      sources++;
      switch (source) {
        case "fieldRef" -> fieldRef(reference, FIELDS, at.child(source), errors);
        case "resourceFieldRef" -> resourceRef(reference, at.child(source), errors);
        case "configMapKeyRef", "secretKeyRef" -> keyRef(reference, at.child(source), errors);
        default -> {}
      }
    }
    if (sources == 0) {
      errors.add(
          FieldError.invalid(
              at,
              "",
              "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or"
                  + " `secretKeyRef`"));
    } else if (!Docs.blank(variable, "value")) {
      errors.add(FieldError.invalid(at, "", "may not be specified when `value` is not empty"));
    } else if (sources > 1) {
      errors.add(
          FieldError.invalid(at, "", "may not have more than one field specified at a time"));
    }
  }

  /** A reference to a field of the pod from a downward volume. */
  static void volumeFieldRef(ObjectNode reference, Path at, List<FieldError> errors) {
    fieldRef(reference, VOLUME_FIELDS, at, errors);
  }

  private static void fieldRef(
      ObjectNode reference, Set<String> allowed, Path at, List<FieldError> errors) {
    String path = text(reference, "fieldPath");
    Path field = at.child("fieldPath");
    if (path.isEmpty()) {
      errors.add(FieldError.required(field));
      return;
    }
    int bracket = path.indexOf('[');
    if (bracket > 0 && path.endsWith("']")) {
      String map = path.substring(0, bracket);
      if (!map.equals("metadata.labels") && !map.equals("metadata.annotations")) {
        errors.add(FieldError.invalid(field, path, "error converting fieldPath: unsupported"));
      }
    } else if (!allowed.contains(path)) {
      boolean known = FIELDS.contains(path) || VOLUME_FIELDS.contains(path);
      errors.add(
          known
              ? FieldError.notSupported(field, path, allowed)
              : FieldError.invalid(
                  field, path, "error converting fieldPath: field label not supported: " + path));
    }
  }

  static void resourceRef(ObjectNode reference, Path at, List<FieldError> errors) {
    String resource = text(reference, "resource");
    if (resource.isEmpty()) {
      errors.add(FieldError.required(at.child("resource")));
    } else if (!RESOURCES.contains(resource) && !resource.contains("hugepages-")) {
      errors.add(FieldError.notSupported(at.child("resource"), resource, RESOURCES));
    }
  }

  private static void keyRef(ObjectNode reference, Path at, List<FieldError> errors) {
    Check.required(reference, "name", at, errors);
    String key = text(reference, "key");
    if (key.isEmpty()) {
      errors.add(FieldError.required(at.child("key")));
    } else {
      Check.name(key, KeyNames::config, at.child("key"), errors);
    }
  }

  private static void envFrom(ObjectNode source, Path at, List<FieldError> errors) {
    String prefix = text(source, "prefix");
    if (!prefix.isEmpty()) {
      Check.name(prefix, KeyNames::environment, at.child("prefix"), errors);
    }
    int sources = 0;
    for (String kind : List.of("configMapRef", "secretRef")) {
      ObjectNode reference = object(source, kind);
      if (reference != null) {
        sources++;
        Check.requiredName(reference, "name", Names::subdomain, at.child(kind), errors);
      }
    }
    if (sources == 0) {
      errors.add(FieldError.invalid(at, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (sources > 1) {
      errors.add(
          FieldError.invalid(at, "", "may not have more than one field specified at a time"));
    }
  }
}
