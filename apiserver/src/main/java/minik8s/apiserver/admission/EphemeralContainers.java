package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * What may be written through {@code pods/ephemeralcontainers}: more ephemeral containers, and
 * nothing else. Stateless. Source: {@code ValidatePodEphemeralContainersUpdate} and {@code
 * validateEphemeralContainers} in Kubernetes' {@code pkg/apis/core/validation}.
 */
public final class EphemeralContainers {
  private static final String LIST = "ephemeralContainers";
  private static final List<String> NOT_ALLOWED =
      List.of(
          "ports",
          "resources",
          "resizePolicy",
          "restartPolicy",
          "livenessProbe",
          "readinessProbe",
          "startupProbe",
          "lifecycle");

  private EphemeralContainers() {}

  /** Leaves of the wished document its ephemeral containers; everything else is as it was. */
  public static void prepare(ObjectNode wished, ObjectNode old) {
    ObjectNode list = wished.objectNode();
    Docs.copy(list, wished.path("spec"), LIST);
    String version = text(wished.path("metadata"), "resourceVersion");
    wished.removeAll();
    wished.setAll(old.deepCopy());
    if (!version.isEmpty()) {
      Docs.ensure(wished, "metadata").put("resourceVersion", version);
    }
    ObjectNode spec = Docs.ensure(wished, "spec");
    Docs.copy(spec, list, LIST);
    objects(spec, LIST).forEach(ContainerDefaults::container);
  }

  /** What is wrong with the ephemeral containers of a prepared document. */
  public static List<FieldError> validate(ObjectNode doc, ObjectNode old) {
    List<FieldError> errors = new java.util.ArrayList<>(0);
    ObjectNode spec = Docs.ensure(doc, "spec");
    PodSpecValidation.validate(spec, Path.SPEC, errors);
    Path path = Path.SPEC.child(LIST);
    List<ObjectNode> now = objects(spec, LIST);
    for (int i = 0; i < now.size(); i++) {
      container(now.get(i), path.index(i), spec, errors);
    }
    for (ObjectNode before : objects(old.path("spec"), LIST)) {
      String name = text(before, "name");
      ObjectNode after =
          now.stream().filter(c -> text(c, "name").equals(name)).findFirst().orElse(null);
      String what = "existing ephemeral containers \"" + name + "\" may not be ";
      if (after == null) {
        errors.add(FieldError.forbidden(path, what + "removed"));
      } else if (!Docs.same(after, before)) {
        errors.add(FieldError.forbidden(path, what + "changed"));
      }
    }
    return errors;
  }

  private static void container(
      ObjectNode container, Path at, ObjectNode spec, List<FieldError> errors) {
    for (String field : NOT_ALLOWED) {
      if (!Docs.blank(container, field) && !container.path(field).isEmpty()) {
        errors.add(
            FieldError.forbidden(at.child(field), "cannot be set for an Ephemeral Container"));
      }
    }
    String target = text(container, "targetContainerName");
    Set<String> others = new HashSet<>();
    objects(spec, "containers").forEach(c -> others.add(text(c, "name")));
    objects(spec, "initContainers").forEach(c -> others.add(text(c, "name")));
    if (!target.isEmpty() && !others.contains(target)) {
      errors.add(FieldError.notFound(at.child("targetContainerName"), target));
    }
    int index = 0;
    for (ObjectNode mount : objects(container, "volumeMounts")) {
      Path each = at.child("volumeMounts").index(index++);
      for (String field : List.of("subPath", "subPathExpr")) {
        if (!Docs.blank(mount, field)) {
          errors.add(
              FieldError.forbidden(each.child(field), "cannot be set for an Ephemeral Container"));
        }
      }
    }
  }
}
