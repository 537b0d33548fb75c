package minik8s.kubectl.describe;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;

/** The pods of a node and what they ask of it. Stateless. */
final class NodePodsText {
  private NodePodsText() {}

  static void add(Page page, Map<String, Object> node, List<Map<String, Object>> pods) {
    Map<String, Object> all = Tree.map(node, "status", "allocatable");
    Map<String, Object> whole = all.isEmpty() ? Tree.map(node, "status", "capacity") : all;
    page.line(0, "Non-terminated Pods:\t(" + pods.size() + " in total)");
    page.line(
        1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    page.line(
        1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    for (Map<String, Object> pod : pods) {
      page.line(
          1,
          Tree.text(pod, "metadata", "namespace")
              + "\t"
              + Tree.text(pod, "metadata", "name")
              + "\t\t"
              + share(sum(pod, "requests", "cpu"), whole, "cpu")
              + "\t"
              + share(sum(pod, "limits", "cpu"), whole, "cpu")
              + "\t"
              + share(sum(pod, "requests", "memory"), whole, "memory")
              + "\t"
              + share(sum(pod, "limits", "memory"), whole, "memory")
              + "\t"
              + NodeText.age(pod, page.clock()));
    }
    page.line(0, "Allocated resources:");
    page.line(0, "  (Total limits may be over 100 percent, i.e., overcommitted.)");
    page.line(1, "Resource\tRequests\tLimits");
    page.line(1, "--------\t--------\t------");
    for (String name : List.of("cpu", "memory", "ephemeral-storage")) {
      page.line(
          1,
          name
              + "\t"
              + share(total(pods, "requests", name), whole, name)
              + "\t"
              + share(total(pods, "limits", name), whole, name));
    }
  }

  private static String share(Amount amount, Map<String, Object> whole, String name) {
    return amount + " (" + amount.percentOf(Amount.parse(Tree.text(whole, name))) + "%)";
  }

  private static Amount total(List<Map<String, Object>> pods, String side, String name) {
    Amount out = Amount.ZERO;
    for (Map<String, Object> pod : pods) {
      out = out.plus(sum(pod, side, name));
    }
    return out;
  }

  /** What the containers ask for together, or one initial container alone if that is more. */
  private static Amount sum(Map<String, Object> pod, String side, String name) {
    Amount out = Amount.ZERO;
    for (Object container : Tree.list(pod, "spec", "containers")) {
      out = out.plus(Amount.parse(Tree.text(container, "resources", side, name)));
    }
    for (Object container : Tree.list(pod, "spec", "initContainers")) {
      out = out.max(Amount.parse(Tree.text(container, "resources", side, name)));
    }
    return out;
  }
}
