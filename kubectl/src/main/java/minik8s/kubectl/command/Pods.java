package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.TablePrinter;

/**
 * Finds the pods behind a word such as {@code web-1} or {@code deploy/web}. Confined to one thread.
 */
final class Pods {
  private final Session session;

  Pods(Session session) {
    this.session = session;
  }

  static ResourceType type() {
    return KnownTypes.of("Pod");
  }

  /** The pod itself, or the pods of a workload with the best one first. */
  List<Map<String, Object>> of(String word) {
    String name = word;
    ResourceType type = type();
    int slash = word.indexOf('/');
    if (slash > 0) {
      type = session.discovery().byWord(word.substring(0, slash));
      name = word.substring(slash + 1);
    }
    Map<String, Object> object =
        session.server().get(type.path(type.namespaced() ? session.namespace() : "", name));
    return type.kind().equals("Pod")
        ? List.of(object)
        : behind(type, Item.live(type, object).object());
  }

  private List<Map<String, Object>> behind(ResourceType type, Map<String, Object> object) {
    String selector = selector(object);
    if (selector.isEmpty()) {
      throw KubectlException.error(
          "cannot get the logs from " + type.label() + ": no pods belong to this kind");
    }
    List<Map<String, Object>> pods = list(selector);
    if (pods.isEmpty()) {
      throw KubectlException.error(
          "timed out waiting for the condition: no pods found for "
              + type.plural()
              + " \""
              + Tree.text(object, "metadata", "name")
              + "\"");
    }
    return pods;
  }

  /** The label selector of a workload or a service; empty when it has none. */
  static String selector(Map<String, Object> object) {
    Map<String, Object> plain = Tree.map(object, "spec", "selector");
    if (!plain.containsKey("matchLabels") && !plain.containsKey("matchExpressions")) {
      return plain.isEmpty() ? "" : TablePrinter.labels(plain);
    }
    Map<String, Object> labels = Tree.map(plain, "matchLabels");
    StringBuilder out = new StringBuilder(labels.isEmpty() ? "" : TablePrinter.labels(labels));
    for (Object expression : Tree.list(plain, "matchExpressions")) {
      out.append(out.isEmpty() ? "" : ",").append(expression(expression));
    }
    return out.toString();
  }

  private static String expression(Object expression) {
    String key = Tree.text(expression, "key");
    List<String> values = new ArrayList<>();
    for (Object value : Tree.list(expression, "values")) {
      values.add(Tree.scalar(value));
    }
    return switch (Tree.text(expression, "operator")) {
      case "In" -> key + " in (" + String.join(",", values) + ")";
      case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }

  /** All pods of a selector, the ones that run first, older ones before younger ones. */
  List<Map<String, Object>> list(String selector) {
    Query query = new Query().with("labelSelector", selector);
    List<Map<String, Object>> out = new ArrayList<>();
    for (Object pod :
        Tree.list(session.server().get(type().path(session.namespace()) + query), "items")) {
      out.add(Item.live(type(), Tree.asMap(pod)).object());
    }
    out.sort(
        Comparator.comparing((Map<String, Object> pod) -> !running(pod))
            .thenComparing(pod -> Tree.text(pod, "metadata", "creationTimestamp"))
            .thenComparing(pod -> Tree.text(pod, "metadata", "name")));
    return out;
  }

  private static boolean running(Map<String, Object> pod) {
    return Tree.text(pod, "status", "phase").equals("Running")
        && Tree.at(pod, "metadata", "deletionTimestamp") == null;
  }

  /** The names of the containers of a pod under a field of its spec. */
  static List<String> containers(Map<String, Object> pod, String field) {
    List<String> out = new ArrayList<>();
    for (Object container : Tree.list(pod, "spec", field)) {
      out.add(Tree.text(container, "name"));
    }
    return out;
  }

  /** The container meant: the one asked for, the annotated one, or the first with a remark. */
  String container(Map<String, Object> pod, String asked) {
    List<String> regular = containers(pod, "containers");
    List<String> initial = containers(pod, "initContainers");
    List<String> ephemeral = containers(pod, "ephemeralContainers");
    String name = Tree.text(pod, "metadata", "name");
    if (!asked.isEmpty()) {
      if (!regular.contains(asked) && !initial.contains(asked) && !ephemeral.contains(asked)) {
        throw KubectlException.error("container " + asked + " not found in pod " + name);
      }
      return asked;
    }
    String annotated =
        Tree.text(pod, "metadata", "annotations", "kubectl.kubernetes.io/default-container");
    if (regular.contains(annotated)) {
      return annotated;
    }
    if (regular.isEmpty()) {
      throw KubectlException.error("no containers found in pod " + name);
    }
    if (regular.size() + initial.size() + ephemeral.size() > 1) {
      List<String> all = new ArrayList<>(regular);
      initial.forEach(one -> all.add(one + " (init)"));
      ephemeral.forEach(one -> all.add(one + " (ephem)"));
      session.complain(
          "Defaulted container \"" + regular.get(0) + "\" out of: " + String.join(", ", all));
    }
    return regular.get(0);
  }
}
