package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with probes and lifecycle handlers. Stateless. */
final class ProbeValidation {
  private static final List<String> PROBE_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final List<String> LIFECYCLE_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "sleep");

  private ProbeValidation() {}

  static void lifecycle(ObjectNode container, Path at, List<FieldError> errors) {
    ObjectNode lifecycle = object(container, "lifecycle");
    if (lifecycle == null) {
      return;
    }
    for (String hook : List.of("postStart", "preStop")) {
      ObjectNode handler = object(lifecycle, hook);
      if (handler != null) {
        handler(handler, LIFECYCLE_HANDLERS, at.child("lifecycle").child(hook), errors);
      }
    }
  }

  static void probes(ObjectNode container, String list, Path at, List<FieldError> errors) {
    boolean sidecar = Docs.text(container, "restartPolicy").equals("Always");
    for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      ObjectNode probe = object(container, name);
      if (probe == null) {
        continue;
      }
      if (list.equals("initContainers") && !sidecar) {
        errors.add(
            FieldError.forbidden(
                at.child(name), "may not be set for init containers without restartPolicy=Always"));
        continue;
      }
      probe(probe, name, at.child(name), errors);
    }
  }

  private static void probe(ObjectNode probe, String name, Path at, List<FieldError> errors) {
    handler(probe, PROBE_HANDLERS, at, errors);
    for (String count :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      Check.notNegative(probe, count, at, errors);
    }
    JsonNode successes = probe.get("successThreshold");
    if (!name.equals("readinessProbe") && successes != null && successes.asInt(1) != 1) {
      errors.add(FieldError.invalid(at.child("successThreshold"), successes, "must be 1"));
    }
    JsonNode grace = probe.get("terminationGracePeriodSeconds");
    if (grace != null && grace.isNumber()) {
      if (name.equals("readinessProbe")) {
        errors.add(
            FieldError.invalid(
                at.child("terminationGracePeriodSeconds"),
                grace,
                "must not be set for readinessProbes"));
      } else if (grace.asLong(1) <= 0) {
        errors.add(
            FieldError.invalid(
                at.child("terminationGracePeriodSeconds"), grace, "must be greater than 0"));
      }
    }
  }

  private static void handler(
      ObjectNode handler, List<String> kinds, Path at, List<FieldError> errors) {
    @Nullable String chosen = null;
    for (String kind : kinds) {
      ObjectNode action = object(handler, kind);
      if (action == null) {
        continue;
      }
      if (chosen != null) {
        errors.add(
            FieldError.forbidden(at.child(kind), "may not specify more than 1 handler type"));
        continue;
      }
      chosen = kind;
      action(kind, action, at.child(kind), errors);
    }
    if (chosen == null) {
      errors.add(FieldError.required(at, "must specify a handler type"));
    }
  }

  private static void action(String kind, ObjectNode action, Path at, List<FieldError> errors) {
    switch (kind) {
      case "exec" -> {
        if (Docs.isEmptyList(action, "command")) {
          errors.add(FieldError.required(at.child("command")));
        }
      }
      case "httpGet" -> {
        Check.required(action, "path", at, errors);
        Check.portOrName(action.get("port"), at.child("port"), errors);
        Check.oneOf(action, "scheme", at, Set.of("HTTP", "HTTPS"), errors);
      }
      case "tcpSocket" -> Check.portOrName(action.get("port"), at.child("port"), errors);
      case "grpc" -> Check.port(action.path("port").asLong(0), at.child("port"), errors);
      default -> Check.notNegative(action, "seconds", at, errors);
    }
  }
}
