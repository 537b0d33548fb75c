package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with the volumes of a pod. Stateless. */
final class VolumeValidation {
  private static final Set<String> HOST_PATH_TYPES =
      Set.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");

  private VolumeValidation() {}

  /** Checks all volumes and collects their names. */
  static Set<String> volumes(ObjectNode spec, Path specPath, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    int index = 0;
    for (ObjectNode volume : objects(spec, "volumes")) {
      Path at = specPath.child("volumes").index(index++);
      source(volume, at, errors);
      String name = text(volume, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at.child("name")));
        continue;
      }
      List<String> problems = Names.label(name);
      for (String problem : problems) {
        errors.add(FieldError.invalid(at.child("name"), name, problem));
      }
      if (!names.add(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      }
    }
    return names;
  }

  private static void source(ObjectNode volume, Path at, List<FieldError> errors) {
    int sources = 0;
    for (Map.Entry<String, JsonNode> field : volume.properties()) {
      if (field.getKey().equals("name") || !(field.getValue() instanceof ObjectNode source)) {
        continue;
      }
      Path path = at.child(field.getKey());
      if (++sources > 1) {
        errors.add(FieldError.forbidden(path, "may not specify more than 1 volume type"));
        continue;
      }
      one(field.getKey(), source, path, errors);
    }
    if (sources == 0) {
      errors.add(FieldError.required(at, "must specify a volume type"));
    }
  }

  private static void one(String kind, ObjectNode source, Path at, List<FieldError> errors) {
    switch (kind) {
      case "hostPath" -> {
        Check.required(source, "path", at, errors);
        noBackSteps(text(source, "path"), at.child("path"), errors);
        if (!HOST_PATH_TYPES.contains(text(source, "type"))) {
          errors.add(
              FieldError.notSupported(at.child("type"), text(source, "type"), HOST_PATH_TYPES));
        }
      }
      case "secret" -> {
        Check.required(source, "secretName", at, errors);
        keys(source, at, errors);
      }
      case "configMap" -> {
        Check.required(source, "name", at, errors);
        keys(source, at, errors);
      }
      case "persistentVolumeClaim" -> Check.required(source, "claimName", at, errors);
      case "nfs" -> {
        Check.required(source, "server", at, errors);
        Check.required(source, "path", at, errors);
      }
      case "downwardAPI" -> downward(source, at, errors);
      case "projected" -> projected(source, at, errors);
      case "emptyDir" -> {
        if (Docs.present(source, "sizeLimit")) {
          Check.quantity(source.path("sizeLimit"), at.child("sizeLimit"), errors);
        }
      }
      default -> {}
    }
  }

  private static void keys(ObjectNode source, Path at, List<FieldError> errors) {
    mode(source, "defaultMode", at, errors);
    int index = 0;
    for (ObjectNode item : objects(source, "items")) {
      Path each = at.child("items").index(index++);
      Check.required(item, "key", each, errors);
      if (text(item, "path").isEmpty()) {
        errors.add(FieldError.required(each.child("path")));
      }
      localPath(item, "path", each, errors);
      mode(item, "mode", each, errors);
    }
  }

  private static void mode(ObjectNode holder, String field, Path at, List<FieldError> errors) {
    JsonNode mode = holder.get(field);
    if (mode != null && mode.isNumber() && (mode.longValue() < 0 || mode.longValue() > 0777)) {
      errors.add(
          FieldError.invalid(
              at.child(field),
              mode.longValue(),
              "must be a number between 0 and 0777 (octal), both inclusive"));
    }
  }

  private static void downward(ObjectNode source, Path at, List<FieldError> errors) {
    mode(source, "defaultMode", at, errors);
    int index = 0;
    for (ObjectNode item : objects(source, "items")) {
      Path each = at.child("items").index(index++);
      Check.required(item, "path", each, errors);
      localPath(item, "path", each, errors);
      ObjectNode field = object(item, "fieldRef");
      ObjectNode resource = object(item, "resourceFieldRef");
      if (field != null && resource != null) {
        errors.add(
            FieldError.invalid(
                each,
                "resource",
                "fieldRef and resourceFieldRef can not be specified simultaneously"));
      } else if (field != null) {
        EnvironmentValidation.volumeFieldRef(field, each.child("fieldRef"), errors);
      } else if (resource != null) {
        EnvironmentValidation.resourceRef(resource, each.child("resourceFieldRef"), errors);
      } else {
        errors.add(
            FieldError.required(
                each.child("fieldRef"), "one of fieldRef and resourceFieldRef is required"));
      }
    }
  }

  private static void projected(ObjectNode source, Path at, List<FieldError> errors) {
    mode(source, "defaultMode", at, errors);
    int index = 0;
    for (ObjectNode each : objects(source, "sources")) {
      Path path = at.child("sources").index(index++);
      for (String kind : List.of("secret", "configMap")) {
        ObjectNode inner = object(each, kind);
        if (inner != null) {
          Check.required(inner, "name", path.child(kind), errors);
          keys(inner, path.child(kind), errors);
        }
      }
      ObjectNode downward = object(each, "downwardAPI");
      if (downward != null) {
        downward(downward, path.child("downwardAPI"), errors);
      }
      ObjectNode token = object(each, "serviceAccountToken");
      if (token != null) {
        Path tokenPath = path.child("serviceAccountToken");
        long expiry = token.path("expirationSeconds").asLong(3600);
        if (expiry < 600) {
          errors.add(
              FieldError.invalid(
                  tokenPath.child("expirationSeconds"),
                  expiry,
                  "may not specify a duration less than 10 minutes"));
        }
        Check.required(token, "path", tokenPath, errors);
      }
    }
  }

  /** A path inside a volume: relative and without steps back. */
  static void localPath(ObjectNode holder, String field, Path at, List<FieldError> errors) {
    String path = text(holder, field);
    if (path.startsWith("/")) {
      errors.add(FieldError.invalid(at.child(field), path, "must be a relative path"));
    }
    noBackSteps(path, at.child(field), errors);
  }

  private static void noBackSteps(String path, Path at, List<FieldError> errors) {
    if (path.equals("..")
        || path.startsWith("../")
        || path.endsWith("/..")
        || path.contains("/../")) {
      errors.add(FieldError.invalid(at, path, "must not contain '..'"));
    }
  }
}
