package minik8s.kubectl.describe;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.Age;
import org.jspecify.annotations.Nullable;

/** Nodes with the pods on them. Stateless. */
public final class NodeText {
  private static final String ROLE = "node-role.kubernetes.io/";

  private NodeText() {}

  /** A node with its lease, or null, its pods that have not ended, and its events. */
  public static String of(
      Map<String, Object> node,
      @Nullable Map<String, Object> lease,
      List<Map<String, Object>> pods,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(node, "metadata", "name"));
    page.field("Roles", roles(Tree.map(node, "metadata", "labels")));
    page.labels("Labels", Tree.map(node, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(node, "metadata", "annotations"));
    page.field("CreationTimestamp", Page.time(Tree.text(node, "metadata", "creationTimestamp")));
    taints(page, Tree.list(node, "spec", "taints"));
    page.field("Unschedulable", Boolean.toString(Tree.flag(node, "spec", "unschedulable")));
    lease(page, lease, Tree.text(node, "metadata", "name"));
    conditions(page, node);
    page.line(0, "Addresses:");
    for (Object address : Tree.list(node, "status", "addresses")) {
      page.line(1, Tree.text(address, "type") + ":\t" + Tree.text(address, "address"));
    }
    resources(page, "Capacity", Tree.map(node, "status", "capacity"));
    resources(page, "Allocatable", Tree.map(node, "status", "allocatable"));
    system(page, Tree.map(node, "status", "nodeInfo"));
    page.optional("PodCIDR", Tree.text(node, "spec", "podCIDR"));
    page.optional("ProviderID", Tree.text(node, "spec", "providerID"));
    NodePodsText.add(page, node, pods);
    return page.events(events).text();
  }

  private static String roles(Map<String, Object> labels) {
    TreeSet<String> roles = new TreeSet<>();
    labels.forEach((key, value) -> {
      if (key.startsWith(ROLE)) {
        roles.add(key.substring(ROLE.length()));
      } else if (key.equals("kubernetes.io/role")) {
        roles.add(Tree.scalar(value));
      }
    });
    return roles.isEmpty() ? "<none>" : String.join(",", roles);
  }

  private static void taints(Page page, List<Object> taints) {
    if (taints.isEmpty()) {
      page.field("Taints", "<none>");
      return;
    }
    String lead = "Taints:";
    for (Object taint : taints) {
      String value = Tree.text(taint, "value");
      page.line(
          0,
          lead
              + "\t"
              + Tree.text(taint, "key")
              + (value.isEmpty() ? "" : "=" + value)
              + ":"
              + Tree.text(taint, "effect"));
      lead = "";
    }
  }

  private static void lease(Page page, @Nullable Map<String, Object> lease, String name) {
    if (lease == null) {
      page.field(
          "Lease", "Failed to get lease: leases.coordination.k8s.io \"" + name + "\" not found");
      return;
    }
    page.line(0, "Lease:");
    String holder = Tree.text(lease, "spec", "holderIdentity");
    page.line(1, "HolderIdentity:\t" + (holder.isEmpty() ? "<unset>" : holder));
    page.line(1, "AcquireTime:\t" + timeOrUnset(Tree.text(lease, "spec", "acquireTime")));
    page.line(1, "RenewTime:\t" + timeOrUnset(Tree.text(lease, "spec", "renewTime")));
  }

  private static String timeOrUnset(String timestamp) {
    return timestamp.isEmpty() ? "<unset>" : Page.time(timestamp);
  }

  private static void conditions(Page page, Map<String, Object> node) {
    List<Object> conditions = Tree.list(node, "status", "conditions");
    if (conditions.isEmpty()) {
      return;
    }
    page.line(0, "Conditions:");
    page.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    page.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for (Object condition : conditions) {
      page.line(
          1,
          Tree.text(condition, "type")
              + " \t"
              + Tree.text(condition, "status")
              + " \t"
              + Page.time(Tree.text(condition, "lastHeartbeatTime"))
              + " \t"
              + Page.time(Tree.text(condition, "lastTransitionTime"))
              + " \t"
              + Tree.text(condition, "reason")
              + " \t"
              + Tree.text(condition, "message"));
    }
  }

  private static void resources(Page page, String title, Map<String, Object> resources) {
    if (resources.isEmpty()) {
      return;
    }
    page.line(0, title + ":");
    new TreeMap<>(resources)
        .forEach((name, value) -> page.line(1, name + ":\t" + Tree.scalar(value)));
  }

  private static void system(Page page, Map<String, Object> info) {
    page.line(0, "System Info:");
    String[][] fields = {
      {"Machine ID", "machineID"},
      {"System UUID", "systemUUID"},
      {"Boot ID", "bootID"},
      {"Kernel Version", "kernelVersion"},
      {"OS Image", "osImage"},
      {"Operating System", "operatingSystem"},
      {"Architecture", "architecture"},
      {"Container Runtime Version", "containerRuntimeVersion"},
      {"Kubelet Version", "kubeletVersion"},
    };
    for (String[] field : fields) {
      page.line(1, field[0] + ":\t" + Tree.text(info, field[1]));
    }
    page.line(1, "Kube-Proxy Version:\t" + Tree.text(info, "kubeProxyVersion"));
  }

  /** The age of an object. */
  static String age(Object object, InstantSource clock) {
    return Age.since(Tree.text(object, "metadata", "creationTimestamp"), clock);
  }
}
