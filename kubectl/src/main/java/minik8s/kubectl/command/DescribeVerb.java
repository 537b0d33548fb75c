package minik8s.kubectl.command;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.command.Targets.Wanted;
import minik8s.kubectl.describe.CoreText;
import minik8s.kubectl.describe.GenericText;
import minik8s.kubectl.describe.NodeText;
import minik8s.kubectl.describe.PodText;
import minik8s.kubectl.describe.PolicyText;
import minik8s.kubectl.describe.StorageText;
import minik8s.kubectl.describe.WorkloadText;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** {@code kubectl describe}: everything about objects, with what belongs to them. */
final class DescribeVerb implements Verb {
  @Override
  public void flags(Flags flags) {
    Targets.flags(flags)
        .bool("--show-events", true, "If true, display events related to the described object.")
        .text("--chunk-size", "500", "Accepted and ignored.");
  }

  @Override
  public Help help() {
    return new Help(
        "Show details of a specific resource or group of resources.",
        "kubectl describe nodes kubernetes-node-emt8\nkubectl describe pods/nginx",
        "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Targets targets = new Targets(session, arguments);
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw new KubectlException(
          "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a"
              + " complete list of supported resources.\n\nerror: Required resource not specified."
              + "\nUse \"kubectl explain <resource>\" for a detailed description of that resource"
              + " (e.g. kubectl explain pods).\nSee 'kubectl describe -h' for help and examples");
    }
    List<Item> items = items(session, arguments, targets);
    boolean first = true;
    for (Item item : items) {
      try {
        String text = text(session, item, arguments.bool("--show-events"));
        session.streams().out().append(first ? "" : "\n\n").append(text);
        first = false;
      } catch (ServerException e) {
        targets.failures().add(e);
      }
    }
    if (items.isEmpty() && targets.failures().isEmpty()) {
      session.complain(
          arguments.bool("--all-namespaces")
              ? "No resources found"
              : "No resources found in " + session.namespace() + " namespace.");
    }
    targets.settle();
    return 0;
  }

  /** Named objects; a name that is not there may be the beginning of others. */
  private static List<Item> items(Session session, Arguments arguments, Targets targets) {
    List<Item> out = targets.items(arguments.words());
    List<String> words = arguments.words();
    boolean prefix =
        out.isEmpty()
            && words.size() == 2
            && targets.failures().size() == 1
            && targets.failures().get(0) instanceof ServerException e
            && e.notFound();
    if (!prefix) {
      return out;
    }
    Wanted one = targets.wanted(words).get(0);
    String namespace = one.type().namespaced() ? session.namespace() : "";
    for (Item item : targets.list(new Wanted.Every(one.type(), namespace))) {
      if (item.name().startsWith(words.get(1))) {
        out.add(item);
      }
    }
    if (!out.isEmpty()) {
      targets.failures().clear();
    }
    return out;
  }

  private static String text(Session session, Item item, boolean withEvents) {
    InstantSource clock = session.clock();
    Map<String, Object> object = item.object();
    List<Object> events = withEvents ? events(session, item) : null;
    String selector = Pods.selector(object);
    return switch (item.type().kind()) {
      case "Pod" -> PodText.of(object, events, clock);
      case "Deployment" ->
          WorkloadText.deployment(
              object, selector, owned(session, item, "ReplicaSet", selector), events, clock);
      case "ReplicaSet", "ReplicationController", "DaemonSet", "StatefulSet" ->
          WorkloadText.podSet(
              object, selector, owned(session, item, "Pod", selector), events, clock);
      case "Job" -> WorkloadText.job(object, selector, events, clock);
      case "CronJob" -> WorkloadText.cronJob(object, events, clock);
      case "Node" -> node(session, item, events);
      case "Service" -> CoreText.service(object, slices(session, item), events, clock);
      case "ConfigMap" -> CoreText.configMap(object, events, clock);
      case "ServiceAccount" -> CoreText.serviceAccount(object, events, clock);
      case "Secret" -> CoreText.secret(object, clock);
      case "Namespace" ->
          CoreText.namespace(
              object,
              listed(session, "ResourceQuota", item.name(), new Query()),
              listed(session, "LimitRange", item.name(), new Query()),
              clock);
      case "ResourceQuota" -> PolicyText.quota(object, clock);
      case "LimitRange" -> PolicyText.limits(object, clock);
      case "PodDisruptionBudget" -> PolicyText.budget(object, selector, events, clock);
      case "HorizontalPodAutoscaler" -> PolicyText.autoscaler(object, events, clock);
      case "PersistentVolumeClaim" ->
          StorageText.claim(object, users(session, item), events, clock);
      case "PersistentVolume" -> StorageText.volume(object, events, clock);
      default -> GenericText.of(object, events, clock);
    };
  }

  private static List<Object> listed(Session session, String kind, String namespace, Query query) {
    try {
      return Tree.list(session.server().get(KnownTypes.of(kind).path(namespace) + query), "items");
    } catch (ServerException e) {
      return List.of();
    }
  }

  private static List<Map<String, Object>> owned(
      Session session, Item item, String kind, String selector) {
    List<Map<String, Object>> out = new ArrayList<>();
    String uid = Tree.text(item.object(), "metadata", "uid");
    Query query = new Query().with("labelSelector", selector);
    for (Object one : listed(session, kind, item.namespace(), query)) {
      for (Object owner : Tree.list(one, "metadata", "ownerReferences")) {
        if (Tree.text(owner, "uid").equals(uid)) {
          out.add(Tree.asMap(one));
        }
      }
    }
    return out;
  }

  /** The pods that use a claim. */
  private static List<String> users(Session session, Item claim) {
    List<String> names = new ArrayList<>();
    for (Object pod : listed(session, "Pod", claim.namespace(), new Query())) {
      for (Object volume : Tree.list(pod, "spec", "volumes")) {
        if (Tree.text(volume, "persistentVolumeClaim", "claimName").equals(claim.name())) {
          names.add(Tree.text(pod, "metadata", "name"));
        }
      }
    }
    return names;
  }

  private static List<Object> slices(Session session, Item item) {
    Query query = new Query().with("labelSelector", "kubernetes.io/service-name=" + item.name());
    return listed(session, "EndpointSlice", item.namespace(), query);
  }

  private static String node(Session session, Item item, @Nullable List<Object> events) {
    Query query =
        new Query()
            .with(
                "fieldSelector",
                "spec.nodeName=" + item.name() + ",status.phase!=Failed,status.phase!=Succeeded");
    List<Map<String, Object>> pods = new ArrayList<>();
    for (Object pod : listed(session, "Pod", "", query)) {
      pods.add(Tree.asMap(pod));
    }
    ResourceType leases = KnownTypes.of("Lease");
    Map<String, Object> lease = session.server().find(leases.path("kube-node-lease", item.name()));
    return NodeText.of(item.object(), lease, pods, events, session.clock());
  }

  private static List<Object> events(Session session, Item item) {
    String uid = Tree.text(item.object(), "metadata", "uid");
    Query query =
        new Query()
            .with(
                "fieldSelector",
                "involvedObject.name="
                    + item.name()
                    + (item.namespace().isEmpty()
                        ? ""
                        : ",involvedObject.namespace=" + item.namespace())
                    + ",involvedObject.kind="
                    + item.type().kind()
                    + (uid.isEmpty() || item.type().kind().equals("Node")
                        ? ""
                        : ",involvedObject.uid=" + uid));
    return listed(session, "Event", item.namespace(), query);
  }
}
