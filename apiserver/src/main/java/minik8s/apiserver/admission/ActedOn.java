package minik8s.apiserver.admission;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.apiserver.kinds.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The one table of what this release acts on; whatever else a user sets is stored and answered with
 * a warning. Immutable.
 *
 * <p>Pod fields are listed as acted on: a path covers everything below it; list indexes are left
 * out. Kinds are listed as not acted on. Later releases move lines.
 */
final class ActedOn {
  private static final List<String> FIELDS =
      List.of(
          "containers.name",
          "containers.image",
          "containers.imagePullPolicy",
          "containers.command",
          "containers.args",
          "containers.workingDir",
          "containers.env.name",
          "containers.env.value",
          "containers.env.valueFrom.fieldRef",
          "containers.env.valueFrom.resourceFieldRef",
          "containers.env.valueFrom.configMapKeyRef",
          "containers.env.valueFrom.secretKeyRef",
          "containers.envFrom",
          "containers.ports",
          "containers.resources.limits.cpu",
          "containers.resources.limits.memory",
          "containers.resources.limits.ephemeral-storage",
          "containers.resources.requests",
          "containers.volumeMounts.name",
          "containers.volumeMounts.mountPath",
          "containers.volumeMounts.readOnly",
          "containers.volumeMounts.subPath",
          "containers.volumeMounts.subPathExpr",
          "containers.volumeMounts.mountPropagation",
          "containers.volumeMounts.recursiveReadOnly",
          "containers.securityContext.runAsUser",
          "containers.securityContext.runAsGroup",
          "containers.securityContext.runAsNonRoot",
          "containers.securityContext.privileged",
          "containers.securityContext.capabilities",
          "containers.securityContext.allowPrivilegeEscalation",
          "containers.securityContext.readOnlyRootFilesystem",
          "containers.securityContext.procMount",
          "containers.securityContext.seccompProfile",
          "containers.securityContext.appArmorProfile",
          "containers.securityContext.seLinuxOptions",
          "containers.volumeDevices",
          "containers.terminationMessagePath",
          "containers.terminationMessagePolicy",
          "containers.stdin",
          "containers.stdinOnce",
          "containers.tty",
          "containers.livenessProbe",
          "containers.readinessProbe",
          "containers.startupProbe",
          "containers.lifecycle",
          "initContainers.restartPolicy",
          "ephemeralContainers.targetContainerName",
          "restartPolicy",
          "hostNetwork",
          "hostPID",
          "hostIPC",
          "shareProcessNamespace",
          "hostAliases",
          "subdomain",
          "setHostnameAsFQDN",
          "hostnameOverride",
          "dnsPolicy",
          "dnsConfig",
          "enableServiceLinks",
          "os",
          "runtimeClassName",
          "imagePullSecrets",
          "resources.limits.cpu",
          "resources.limits.memory",
          "resources.requests",
          "securityContext.runAsUser",
          "securityContext.runAsGroup",
          "securityContext.runAsNonRoot",
          "securityContext.fsGroup",
          "securityContext.fsGroupChangePolicy",
          "securityContext.supplementalGroups",
          "securityContext.supplementalGroupsPolicy",
          "securityContext.sysctls",
          "securityContext.seccompProfile",
          "securityContext.appArmorProfile",
          "securityContext.seLinuxOptions",
          "volumes.name",
          "volumes.emptyDir",
          "volumes.hostPath",
          "volumes.configMap",
          "volumes.secret",
          "volumes.projected.defaultMode",
          "volumes.projected.sources.configMap",
          "volumes.projected.sources.secret",
          "volumes.projected.sources.downwardAPI",
          "volumes.projected.sources.serviceAccountToken",
          "volumes.persistentVolumeClaim",
          "volumes.ephemeral",
          "volumes.downwardAPI",
          "terminationGracePeriodSeconds",
          "activeDeadlineSeconds",
          "readinessGates",
          "nodeSelector",
          "affinity",
          "topologySpreadConstraints",
          "overhead",
          "schedulingGates",
          "tolerations",
          "schedulerName",
          "schedulingGates",
          "nodeName",
          "hostname",
          "priorityClassName",
          // Acted on by the API server itself.
          "priority",
          "preemptionPolicy",
          "serviceAccountName",
          "serviceAccount",
          "automountServiceAccountToken");

  /** Values that defaulting writes, and which therefore say nothing about a wish. */
  private static final Map<String, Set<String>> DEFAULTS = Map.of("hostUsers", Set.of("true"));

  /** Switches that say something when they are off. */
  private static final Set<String> SPEAK_WHEN_OFF = Set.of("enableServiceLinks", "hostUsers");

  /** Kinds that nothing works on, by group and plural name, and what that means. */
  private static final Map<String, String> IDLE_KINDS =
      Map.ofEntries(
          idle("networking.k8s.io/ingresses", "Ingress"),
          idle("networking.k8s.io/networkpolicies", "NetworkPolicy"),
          Map.entry(
              "/services",
              "Service: endpoints are kept, but no traffic is routed to it by this release"));

  private static Map.Entry<String, String> idle(String place, String kind) {
    return Map.entry(place, kind + ": stored but not acted on by this release");
  }

  private record Node(Map<String, Node> children) {
    static final Node ROOT = new Node(new LinkedHashMap<>());

    static {
      FIELDS.forEach(ROOT::add);
      // What is acted on in a container is acted on in one before or beside the others.
      Node containers = ROOT.children.get("containers");
      for (String list : List.of("initContainers", "ephemeralContainers")) {
        Node others = ROOT.children.get(list);
        if (containers != null && others != null) {
          containers.children.forEach(others.children::putIfAbsent);
        }
      }
    }

    private void add(String path) {
      Node node = this;
      for (String step : path.split("\\.")) {
        node = node.children.computeIfAbsent(step, s -> new Node(new LinkedHashMap<>()));
      }
    }

    boolean coversAll() {
      return children.isEmpty();
    }
  }

  private ActedOn() {}

  /** Whether something acts on all that can stand at a path such as {@code containers.image}. */
  static boolean covers(String path) {
    Node node = Node.ROOT;
    for (String step : path.split("\\.")) {
      node = node.children.get(step);
      if (node == null) {
        return false;
      }
      if (node.coversAll()) {
        return true;
      }
    }
    return false;
  }

  /** Whether something acts on anything that can stand at a path. */
  static boolean touches(String path) {
    Node node = Node.ROOT;
    for (String step : path.split("\\.")) {
      node = node.children.get(step);
      if (node == null || node.coversAll()) {
        return node != null;
      }
    }
    return true;
  }

  /** The warning about a kind that nothing works on; empty for the others. */
  static String idleKind(Kind kind) {
    return kind.custom() ? "" : IDLE_KINDS.getOrDefault(kind.group() + "/" + kind.plural(), "");
  }

  /** Adds a warning for each field of a pod spec that nothing acts on. */
  static void podSpec(JsonNode spec, String path, List<String> warnings) {
    walk(spec, Node.ROOT, path, warnings);
  }

  private static void walk(JsonNode object, Node known, String path, List<String> warnings) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      if (saysNothing(field.getKey(), value)) {
        continue;
      }
      @Nullable Node below = known.children.get(field.getKey());
      String at = path + "." + field.getKey();
      if (below == null && extendedResource(path, field.getKey())) {
        continue;
      }
      if (below == null) {
        warnings.add(at + ": stored but not acted on by this release");
      } else if (!below.coversAll()) {
        inside(value, below, at, warnings);
      }
    }
  }

  /** Limits of resources such as {@code nvidia.com/gpu} are requests, which scheduling counts. */
  private static boolean extendedResource(String path, String field) {
    return path.endsWith(".resources.limits") && field.contains("/");
  }

  private static void inside(JsonNode value, Node known, String path, List<String> warnings) {
    if (value.isObject()) {
      walk(value, known, path, warnings);
      return;
    }
    for (int i = 0; i < value.size(); i++) {
      JsonNode element = value.get(i);
      walk(element, known, path + "[" + i + "]", warnings);
    }
  }

  private static boolean saysNothing(String field, JsonNode value) {
    if (value.isNull() || (value.isContainer() && value.isEmpty())) {
      return true;
    }
    if ((value.isBoolean() && !value.booleanValue() && !SPEAK_WHEN_OFF.contains(field))
        || (value.isString() && value.asString().isEmpty())) {
      return true;
    }
    Set<String> usual = DEFAULTS.get(field);
    return usual != null && value.isValueNode() && usual.contains(value.asString(""));
  }
}
