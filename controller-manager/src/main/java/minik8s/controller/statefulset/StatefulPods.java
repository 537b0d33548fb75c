package minik8s.controller.statefulset;

import java.util.Map;
import minik8s.api.ControllerRevision;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.StatefulSet;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import minik8s.controller.pods.PodDocuments;
import minik8s.controller.revision.RevisionPlan;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods and claims of a stateful set as documents. Pure. */
final class StatefulPods {
  static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
  static final String POD_INDEX = "apps.kubernetes.io/pod-index";

  /** The label that tells of which revision a pod is, by the revision's name. */
  static final String REVISION = "controller-revision-hash";

  private StatefulPods() {}

  static ObjectNode pod(StatefulSet set, int ordinal, ControllerRevision revision) {
    String name = Ordinals.pod(set, ordinal);
    JsonNode template = RevisionPlan.template(revision).node();
    ObjectNode pod = PodDocuments.of(Resources.STATEFUL_SETS, set, template, name);
    ObjectNode labels = pod.withObject("metadata").withObject("labels");
    identity(name, ordinal).forEach(labels::put);
    labels.put(REVISION, revision.metadata().name());
    ObjectNode spec = pod.withObject("spec");
    spec.put("hostname", name);
    spec.put("subdomain", set.spec().serviceName());
    volumes(set, ordinal, spec);
    return pod;
  }

  /** The labels by which services and users find one pod of the set. */
  static Map<String, String> identity(String name, int ordinal) {
    return Map.of(POD_NAME, name, POD_INDEX, Integer.toString(ordinal));
  }

  static boolean identified(Pod pod, int ordinal) {
    return pod.metadata()
        .labels()
        .entrySet()
        .containsAll(identity(pod.metadata().name(), ordinal).entrySet());
  }

  static boolean isOf(Pod pod, ControllerRevision revision) {
    return revision.metadata().name().equals(pod.metadata().labels().get(REVISION));
  }

  /** A claim takes the place of a volume of the same name. */
  private static void volumes(StatefulSet set, int ordinal, ObjectNode spec) {
    if (set.spec().volumeClaimTemplates().isEmpty()) {
      return;
    }
    ArrayNode volumes = spec.arrayNode();
    for (Raw template : set.spec().volumeClaimTemplates()) {
      String name = templateName(template);
      ObjectNode volume = volumes.addObject().put("name", name);
      volume
          .putObject("persistentVolumeClaim")
          .put("claimName", Ordinals.claim(set, name, ordinal));
    }
    for (JsonNode volume : spec.path("volumes")) {
      String name = volume.path("name").asString("");
      if (set.spec().volumeClaimTemplates().stream()
          .noneMatch(template -> templateName(template).equals(name))) {
        volumes.add(volume);
      }
    }
    spec.set("volumes", volumes);
  }

  static String templateName(Raw claimTemplate) {
    return claimTemplate.node().path("metadata").path("name").asString("");
  }

  /** The claim of a template for one pod; it belongs to nobody yet. */
  static ObjectNode claim(StatefulSet set, Raw template, String name) {
    ObjectNode claim = (ObjectNode) template.copy();
    claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
    claim.remove("status");
    ObjectNode meta = claim.withObject("metadata");
    meta.put("name", name).put("namespace", set.metadata().namespace());
    meta.remove("creationTimestamp");
    ObjectNode labels = meta.withObject("labels");
    set.spec().selector().matchLabels().forEach(labels::put);
    return Json.object().setAll(claim);
  }
}
