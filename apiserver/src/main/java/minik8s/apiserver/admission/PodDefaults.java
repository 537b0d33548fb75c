package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.fillObject;
import static minik8s.apiserver.admission.Docs.objects;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The defaults of pods and pod templates. Stateless.
 *
 * <p>Source: Kubernetes' {@code pkg/apis/core/v1/defaults.go}.
 */
final class PodDefaults {
  static final List<String> CONTAINER_LISTS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private PodDefaults() {}

  /** A pod: a template's defaults and those that only pods get. */
  static void pod(ObjectNode pod) {
    ObjectNode spec = Docs.object(pod, "spec");
    if (spec == null) {
      return;
    }
    spec(spec);
    for (String list : List.of("containers", "initContainers")) {
      for (ObjectNode container : objects(spec, list)) {
        requestsFromLimits(container);
      }
    }
    fill(spec, "enableServiceLinks", true);
  }

  /** The {@code spec.template} of a workload. */
  static void template(ObjectNode workloadSpec) {
    ObjectNode template = Docs.object(workloadSpec, "template");
    if (template == null) {
      return;
    }
    ObjectNode spec = Docs.object(template, "spec");
    if (spec != null) {
      spec(spec);
    }
  }

  /** A pod spec, wherever it stands. */
  static void spec(ObjectNode spec) {
    fill(spec, "dnsPolicy", "ClusterFirst");
    fill(spec, "restartPolicy", "Always");
    fillObject(spec, "securityContext");
    fill(spec, "terminationGracePeriodSeconds", 30);
    fill(spec, "schedulerName", "default-scheduler");
    serviceAccountAlias(spec);
    boolean hostNetwork = Docs.isTrue(spec, "hostNetwork");
    for (String list : CONTAINER_LISTS) {
      for (ObjectNode container : objects(spec, list)) {
        ContainerDefaults.container(container);
        if (hostNetwork && !list.equals("ephemeralContainers")) {
          hostPorts(container);
        }
      }
    }
    for (ObjectNode volume : objects(spec, "volumes")) {
      VolumeDefaults.volume(volume);
    }
    ObjectNode overhead = Docs.object(spec, "overhead");
    if (overhead != null) {
      Quantities.asText(overhead);
    }
  }

  /** {@code serviceAccount} is the old name of {@code serviceAccountName}; both are kept alike. */
  private static void serviceAccountAlias(ObjectNode spec) {
    String name = Docs.text(spec, "serviceAccountName");
    String old = Docs.text(spec, "serviceAccount");
    if (name.isEmpty() && !old.isEmpty()) {
      spec.put("serviceAccountName", old);
    } else if (!name.isEmpty() && !name.equals(old)) {
      spec.put("serviceAccount", name);
    }
  }

  private static void hostPorts(ObjectNode container) {
    for (ObjectNode port : objects(container, "ports")) {
      JsonNode number = port.get("containerPort");
      if (number != null) {
        Docs.fillZero(port, "hostPort", number.asInt(0));
      }
    }
  }

  private static void requestsFromLimits(ObjectNode container) {
    ObjectNode resources = Docs.object(container, "resources");
    ObjectNode limits = resources == null ? null : Docs.object(resources, "limits");
    if (resources == null || limits == null) {
      return;
    }
    ObjectNode requests = ensure(resources, "requests");
    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
      if (Docs.absent(requests, limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
  }
}
