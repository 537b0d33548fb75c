package minik8s.controller.daemonset;

import minik8s.api.DaemonSet;
import minik8s.api.LabelSelector;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.controller.pods.PodDocuments;
import minik8s.controller.pods.SlotNames;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Daemon pods as documents: tied to their node by name, so that the scheduler binds them. Pure. */
final class DaemonPods {
  /** The label that tells of which revision a pod is. */
  static final String HASH = "controller-revision-hash";

  private static final String NODE_NAME = "metadata.name";

  private DaemonPods() {}

  /** A pod of the set's present template for one node. */
  static ObjectNode document(DaemonSet set, String name, String node, String hash) {
    ObjectNode pod =
        PodDocuments.of(Resources.DAEMON_SETS, set, set.spec().template().node(), name);
    pod.withObject("metadata").withObject("labels").put(HASH, hash);
    ObjectNode spec = pod.withObject("spec");
    tie(spec, node);
    ArrayNode tolerations = spec.withArray("tolerations");
    for (PodSpec.Toleration toleration :
        Placement.added(spec.path("hostNetwork").asBoolean(false))) {
      ObjectNode document = Json.object().put("key", toleration.key()).put("operator", "Exists");
      document.put("effect", toleration.effect());
      if (tolerations.valueStream().noneMatch(document::equals)) {
        tolerations.add(document);
      }
    }
    return pod;
  }

  /** Required terms have served their purpose when the node was chosen, and are replaced. */
  private static void tie(ObjectNode spec, String node) {
    ObjectNode affinity = spec.withObject("affinity").withObject("nodeAffinity");
    ObjectNode term =
        affinity
            .putObject("requiredDuringSchedulingIgnoredDuringExecution")
            .putArray("nodeSelectorTerms")
            .addObject();
    ObjectNode field = term.putArray("matchFields").addObject();
    field.put("key", NODE_NAME).put("operator", "In").putArray("values").add(node);
  }

  /** The node that a pod is on or tied to; empty when it is tied to none. */
  static String node(Pod pod) {
    if (pod.bound()) {
      return pod.spec().nodeName();
    }
    PodSpec.Affinity affinity = pod.spec().affinity();
    PodSpec.NodeAffinity nodes = affinity == null ? null : affinity.nodeAffinity();
    PodSpec.NodeSelector required =
        nodes == null ? null : nodes.requiredDuringSchedulingIgnoredDuringExecution();
    if (required == null) {
      return "";
    }
    return required.nodeSelectorTerms().stream()
        .flatMap(term -> term.matchFields().stream())
        .filter(field -> field.key().equals(NODE_NAME) && field.operator().equals("In"))
        .map(LabelSelector.Requirement::values)
        .filter(values -> values.size() == 1)
        .map(values -> values.getFirst())
        .findFirst()
        .orElse("");
  }

  static boolean updated(Pod pod, String hash) {
    return hash.equals(pod.metadata().labels().get(HASH));
  }

  /** The name for a node's next pod of a revision: the same for whoever asks again. */
  static String name(
      DaemonSet set, String node, String hash, java.util.function.Predicate<String> taken) {
    String seed = set.uid() + "/" + node + "/" + hash;
    return SlotNames.free(set.metadata().name(), seed, 1, taken).getFirst();
  }

  /** Under what {@link minik8s.controller.pods.Unseen} remembers a creation: node and name. */
  static String note(String node, String pod) {
    return node + "/" + pod;
  }

  static String podOf(String note) {
    return note.substring(note.indexOf('/') + 1);
  }

  static String nodeOf(String note) {
    return note.substring(0, note.indexOf('/'));
  }
}
