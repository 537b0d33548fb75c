package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is wrong with a pod spec, in pods and templates. Stateless.
 *
 * <p>Source: {@code ValidatePodSpec} in Kubernetes' {@code pkg/apis/core/validation}.
 */
final class PodSpecValidation {
  private static final Set<String> RESTART_POLICIES = Set.of("Always", "OnFailure", "Never");
  private static final Set<String> DNS_POLICIES =
      Set.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");

  private PodSpecValidation() {}

  static void validate(ObjectNode spec, Path at, List<FieldError> errors) {
    Set<String> volumes = VolumeValidation.volumes(spec, at, errors);
    Set<String> names = new HashSet<>();
    if (Docs.isEmptyList(spec, "containers")) {
      errors.add(FieldError.required(at.child("containers")));
    }
    ContainerValidation.containers(spec, "containers", names, volumes, at, errors);
    ContainerValidation.containers(spec, "initContainers", names, volumes, at, errors);
    ContainerValidation.containers(spec, "ephemeralContainers", names, volumes, at, errors);
    requiredChoice(spec, "restartPolicy", RESTART_POLICIES, at, errors);
    requiredChoice(spec, "dnsPolicy", DNS_POLICIES, at, errors);
    dns(spec, at, errors);
    MetadataRules.labels(spec.path("nodeSelector"), at.child("nodeSelector"), errors);
    securityContext(spec, at, errors);
    int index = 0;
    for (ObjectNode secret : objects(spec, "imagePullSecrets")) {
      Check.required(secret, "name", at.child("imagePullSecrets").index(index++), errors);
    }
    AffinityValidation.affinity(spec, at, errors);
    optionalName(spec, "serviceAccountName", Names::subdomain, at, errors);
    optionalName(spec, "nodeName", Names::subdomain, at, errors);
    deadline(spec, at, errors);
    Check.notNegative(spec, "terminationGracePeriodSeconds", at, errors);
    optionalName(spec, "hostname", Names::label, at, errors);
    optionalName(spec, "subdomain", Names::label, at, errors);
    AffinityValidation.tolerations(spec, at, errors);
    hostAliases(spec, at, errors);
    optionalName(spec, "priorityClassName", Names::subdomain, at, errors);
    optionalName(spec, "runtimeClassName", Names::subdomain, at, errors);
    Check.oneOf(spec, "preemptionPolicy", at, Set.of("Never", "PreemptLowerPriority"), errors);
    hostNetwork(spec, at, errors);
  }

  private static void requiredChoice(
      ObjectNode spec, String field, Set<String> allowed, Path at, List<FieldError> errors) {
    if (Docs.blank(spec, field)) {
      errors.add(FieldError.required(at.child(field)));
    }
    Check.oneOf(spec, field, at, allowed, errors);
  }

  private static void optionalName(
      ObjectNode spec, String field, Rules.NameRule rule, Path at, List<FieldError> errors) {
    String name = text(spec, field);
    if (!name.isEmpty()) {
      Check.name(name, rule, at.child(field), errors);
    }
  }

  private static void deadline(ObjectNode spec, Path at, List<FieldError> errors) {
    JsonNode value = spec.get("activeDeadlineSeconds");
    if (value != null
        && value.isNumber()
        && (value.longValue() < 1 || value.longValue() > Integer.MAX_VALUE)) {
      errors.add(
          FieldError.invalid(
              at.child("activeDeadlineSeconds"),
              value.longValue(),
              "must be between 1 and 2147483647, inclusive"));
    }
  }

  private static void dns(ObjectNode spec, Path at, List<FieldError> errors) {
    if (text(spec, "dnsPolicy").equals("None")
        && Docs.isEmptyList(spec.path("dnsConfig"), "nameservers")) {
      errors.add(
          FieldError.required(
              at.child("dnsConfig").child("nameservers"),
              "must provide at least one DNS nameserver when `dnsPolicy` is None"));
    }
    if (spec.path("dnsConfig").path("nameservers").size() > 3) {
      errors.add(
          FieldError.invalid(
              at.child("dnsConfig").child("nameservers"),
              spec.path("dnsConfig").path("nameservers"),
              "must not have more than 3 nameservers"));
    }
  }

  private static void securityContext(ObjectNode spec, Path at, List<FieldError> errors) {
    ObjectNode context = object(spec, "securityContext");
    if (context == null) {
      return;
    }
    Path path = at.child("securityContext");
    for (String id : List.of("runAsUser", "runAsGroup", "fsGroup")) {
      Check.notNegative(context, id, path, errors);
    }
    Check.oneOf(context, "fsGroupChangePolicy", path, Set.of("OnRootMismatch", "Always"), errors);
  }

  private static void hostAliases(ObjectNode spec, Path at, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode alias : objects(spec, "hostAliases")) {
      Path each = at.child("hostAliases").index(index++);
      Addresses.require(text(alias, "ip"), each.child("ip"), errors);
      int host = 0;
      for (JsonNode name : alias.path("hostnames")) {
        Check.name(
            name.asString(""), Names::subdomain, each.child("hostnames").index(host++), errors);
      }
    }
  }

  /** In the host's network a port can only be published as itself. */
  private static void hostNetwork(ObjectNode spec, Path at, List<FieldError> errors) {
    if (!Docs.isTrue(spec, "hostNetwork")) {
      return;
    }
    int index = 0;
    for (ObjectNode container : objects(spec, "containers")) {
      Path ports = at.child("containers").index(index++).child("ports");
      int number = 0;
      for (ObjectNode port : objects(container, "ports")) {
        Path path = ports.index(number++).child("containerPort");
        int host = port.path("hostPort").asInt(0);
        if (host != port.path("containerPort").asInt(0)) {
          errors.add(
              FieldError.invalid(
                  path,
                  port.path("containerPort").asLong(0),
                  "must match `hostPort` when `hostNetwork` is true"));
        }
      }
    }
  }

  /** The {@code spec.template} of a workload whose pods are restarted for ever. */
  static void runningTemplate(ObjectNode workloadSpec, String kind, List<FieldError> errors) {
    Path at = Path.SPEC.child("template");
    ObjectNode template = template(workloadSpec, at, errors);
    if (template == null) {
      return;
    }
    JsonNode spec = template.path("spec");
    String restart = text(spec, "restartPolicy");
    if (!restart.isEmpty() && !restart.equals("Always")) {
      errors.add(
          FieldError.notSupported(
              at.child("spec").child("restartPolicy"), restart, List.of("Always")));
    }
    if (Docs.present(spec, "activeDeadlineSeconds")) {
      errors.add(
          FieldError.forbidden(
              at.child("spec").child("activeDeadlineSeconds"),
              "activeDeadlineSeconds in " + kind + " is not Supported"));
    }
  }

  /** Metadata and spec of a template; null (with an error) when there is none. */
  static @org.jspecify.annotations.Nullable ObjectNode template(
      ObjectNode holder, Path at, List<FieldError> errors) {
    ObjectNode template = object(holder, "template");
    if (template == null) {
      errors.add(FieldError.required(at));
      return null;
    }
    JsonNode meta = template.path("metadata");
    MetadataRules.labels(meta.path("labels"), at.child("metadata").child("labels"), errors);
    MetadataRules.annotations(
        meta.path("annotations"), at.child("metadata").child("annotations"), errors);
    ObjectNode spec = object(template, "spec");
    validate(spec == null ? template.objectNode() : spec, at.child("spec"), errors);
    if (!Docs.isEmptyList(template.path("spec"), "ephemeralContainers")) {
      errors.add(
          FieldError.forbidden(
              at.child("spec").child("ephemeralContainers"),
              "ephemeral containers not allowed in pod template"));
    }
    return template;
  }
}
