package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is wrong with the containers of a pod. Stateless.
 *
 * <p>Source: {@code validateContainers} in Kubernetes' {@code pkg/apis/core/validation}.
 */
final class ContainerValidation {
  private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");
  private static final Set<String> PROTOCOLS = Set.of("SCTP", "TCP", "UDP");
  private static final Set<String> MESSAGE_POLICIES = Set.of("FallbackToLogsOnError", "File");

  private ContainerValidation() {}

  /**
   * @param names the container names seen so far, extended here
   * @param volumes the names of the pod's volumes
   */
  static void containers(
      ObjectNode spec,
      String list,
      Set<String> names,
      Set<String> volumes,
      Path specPath,
      List<FieldError> errors) {
    Path path = specPath.child(list);
    int index = 0;
    Set<String> hostPorts = new HashSet<>();
    for (ObjectNode container : objects(spec, list)) {
      Path at = path.index(index++);
      Check.requiredName(container, "name", Names::label, at, errors);
      String name = text(container, "name");
      if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(at.child("name"), name));
      }
      container(container, list, volumes, at, errors);
      if (list.equals("containers")) {
        hostPorts(container, hostPorts, at, errors);
      }
    }
  }

  private static void container(
      ObjectNode container, String list, Set<String> volumes, Path at, List<FieldError> errors) {
    String image = text(container, "image");
    if (image.isEmpty()) {
      errors.add(FieldError.required(at.child("image")));
    } else if (!image.strip().equals(image)) {
      errors.add(
          FieldError.invalid(
              at.child("image"), image, "must not have leading or trailing whitespace"));
    }
    ProbeValidation.lifecycle(container, at, errors);
    ProbeValidation.probes(container, list, at, errors);
    Check.oneOf(container, "terminationMessagePolicy", at, MESSAGE_POLICIES, errors);
    ports(container, at, errors);
    EnvironmentValidation.environment(container, at, errors);
    mounts(container, volumes, at, errors);
    Check.oneOf(container, "imagePullPolicy", at, PULL_POLICIES, errors);
    ResourceValidation.requirements(object(container, "resources"), at.child("resources"), errors);
    securityContext(object(container, "securityContext"), at.child("securityContext"), errors);
    restartPolicy(container, list, at, errors);
  }

  private static void restartPolicy(
      ObjectNode container, String list, Path at, List<FieldError> errors) {
    if (Docs.blank(container, "restartPolicy")) {
      return;
    }
    if (list.equals("initContainers")) {
      Check.oneOf(container, "restartPolicy", at, Set.of("Always"), errors);
    } else {
      errors.add(
          FieldError.forbidden(
              at.child("restartPolicy"), "may not be set for non-init containers"));
    }
  }

  private static void ports(ObjectNode container, Path at, List<FieldError> errors) {
    Path path = at.child("ports");
    int index = 0;
    Set<String> names = new HashSet<>();
    for (ObjectNode port : objects(container, "ports")) {
      Path each = path.index(index++);
      String name = text(port, "name");
      if (!name.isEmpty()) {
        List<String> problems = PortNames.problems(name);
        for (String problem : problems) {
          errors.add(FieldError.invalid(each.child("name"), name, problem));
        }
        if (problems.isEmpty() && !names.add(name)) {
          errors.add(FieldError.duplicate(each.child("name"), name));
        }
      }
      JsonNode number = port.get("containerPort");
      if (number == null || number.asInt(0) == 0) {
        errors.add(FieldError.required(each.child("containerPort")));
      } else {
        Check.port(number.asLong(0), each.child("containerPort"), errors);
      }
      JsonNode host = port.get("hostPort");
      if (host != null && host.asInt(0) != 0) {
        Check.port(host.asLong(0), each.child("hostPort"), errors);
      }
      Check.oneOf(port, "protocol", each, PROTOCOLS, errors);
    }
  }

  private static void hostPorts(
      ObjectNode container, Set<String> taken, Path at, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode port : objects(container, "ports")) {
      Path each = at.child("ports").index(index++).child("hostPort");
      int number = port.path("hostPort").asInt(0);
      if (number != 0) {
        String key = text(port, "protocol") + "/" + text(port, "hostIP") + "/" + number;
        if (!taken.add(key)) {
          errors.add(FieldError.duplicate(each, key));
        }
      }
    }
  }

  private static void mounts(
      ObjectNode container, Set<String> volumes, Path at, List<FieldError> errors) {
    Path path = at.child("volumeMounts");
    int index = 0;
    Set<String> mountPaths = new HashSet<>();
    for (ObjectNode mount : objects(container, "volumeMounts")) {
      Path each = path.index(index++);
      String name = text(mount, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(each.child("name")));
      }
      if (!volumes.contains(name)) {
        errors.add(FieldError.notFound(each.child("name"), name));
      }
      String mountPath = text(mount, "mountPath");
      if (mountPath.isEmpty()) {
        errors.add(FieldError.required(each.child("mountPath")));
      }
      if (!mountPaths.add(mountPath)) {
        errors.add(FieldError.invalid(each.child("mountPath"), mountPath, "must be unique"));
      }
      VolumeValidation.localPath(mount, "subPath", each, errors);
      VolumeValidation.localPath(mount, "subPathExpr", each, errors);
      if (Docs.present(mount, "subPath") && Docs.present(mount, "subPathExpr")) {
        errors.add(
            FieldError.invalid(
                each.child("subPathExpr"),
                text(mount, "subPathExpr"),
                "subPathExpr and subPath are mutually exclusive"));
      }
    }
  }

  private static void securityContext(
      @Nullable ObjectNode context, Path path, List<FieldError> errors) {
    if (context == null) {
      return;
    }
    Check.notNegative(context, "runAsUser", path, errors);
    Check.notNegative(context, "runAsGroup", path, errors);
    JsonNode escalation = context.get("allowPrivilegeEscalation");
    if (escalation != null && !escalation.asBoolean(true) && Docs.isTrue(context, "privileged")) {
      errors.add(
          FieldError.invalid(
              path,
              context,
              "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    }
  }
}
