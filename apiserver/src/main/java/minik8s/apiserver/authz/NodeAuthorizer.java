package minik8s.apiserver.authz;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;

/**
 * What kubelets may do: members of {@code system:nodes} named {@code system:node:NAME} read what
 * their pods need and write what concerns their node. Thread-safe.
 *
 * <p>Source: Kubernetes' {@code plugin/pkg/auth/authorizer/node}. Secrets and config maps can be
 * read in namespaces where the node runs a pod, which is coarser than Kubernetes' graph of
 * references.
 */
public final class NodeAuthorizer implements Authorizer {
  private static final String PREFIX = "system:node:";
  private static final Set<String> READ = Set.of("get", "list", "watch");

  /** Resource to verbs that every node has everywhere. */
  private static final Map<String, Set<String>> ALWAYS =
      Map.ofEntries(
          Map.entry("/nodes", Set.of("get", "list", "watch", "create")),
          Map.entry("/services", READ),
          Map.entry("/namespaces", READ),
          Map.entry("/pods", Set.of("get", "list", "watch", "create", "delete")),
          Map.entry("/events", Set.of("create", "patch", "update")),
          Map.entry("events.k8s.io/events", Set.of("create", "patch", "update")),
          Map.entry("/persistentvolumeclaims", READ),
          Map.entry("/persistentvolumes", READ),
          Map.entry("storage.k8s.io/volumeattachments", READ),
          Map.entry("storage.k8s.io/csidrivers", READ),
          Map.entry("node.k8s.io/runtimeclasses", READ),
          Map.entry("discovery.k8s.io/endpointslices", READ),
          Map.entry("authentication.k8s.io/tokenreviews", Set.of("create")),
          Map.entry("authorization.k8s.io/subjectaccessreviews", Set.of("create")),
          Map.entry("authorization.k8s.io/localsubjectaccessreviews", Set.of("create")));

  private final Lookup lookup;

  public NodeAuthorizer(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Decision authorize(Attributes wanted) {
    User user = wanted.user();
    if (!user.inGroup(User.NODES) || !user.name().startsWith(PREFIX) || !wanted.isResource()) {
      return Decision.noOpinion();
    }
    String node = user.name().substring(PREFIX.length());
    return allowed(wanted, node) ? Decision.allow("node rule") : Decision.noOpinion();
  }

  private boolean allowed(Attributes wanted, String node) {
    String resource = wanted.group() + "/" + wanted.combinedResource();
    Set<String> verbs = ALWAYS.get(resource);
    if (verbs != null && verbs.contains(wanted.verb())) {
      return true;
    }
    return switch (resource) {
      case "/nodes", "/nodes/status" ->
          Set.of("get", "update", "patch", "delete").contains(wanted.verb())
              && wanted.name().equals(node);
      case "/pods/status" -> writesOwnPod(wanted, node);
      case "/pods/eviction" -> wanted.verb().equals("create");
      case "coordination.k8s.io/leases" -> ownLease(wanted, node);
      case "storage.k8s.io/csinodes" ->
          wanted.name().equals(node) || wanted.verb().equals("create");
      case "/secrets", "/configmaps" ->
          READ.contains(wanted.verb()) && runsPodIn(wanted.namespace(), node);
      case "/serviceaccounts" -> wanted.verb().equals("get");
      case "/serviceaccounts/token" ->
          wanted.verb().equals("create") && runsPodIn(wanted.namespace(), node);
      default -> false;
    };
  }

  private boolean writesOwnPod(Attributes wanted, String node) {
    if (!Set.of("get", "update", "patch").contains(wanted.verb())) {
      return false;
    }
    Optional<JsonNode> pod = lookup.get("", "pods", wanted.namespace(), wanted.name());
    // A pod that is gone is answered with 404, not with 403.
    return pod.isEmpty() || runsOn(pod.get(), node);
  }

  private static boolean ownLease(Attributes wanted, String node) {
    boolean own = wanted.name().equals(node) || wanted.name().isEmpty();
    return wanted.namespace().equals("kube-node-lease")
        && (wanted.verb().equals("create") || (own && !wanted.verb().equals("list")));
  }

  private boolean runsPodIn(String namespace, String node) {
    if (namespace.isEmpty()) {
      return false;
    }
    return lookup.any("", "pods", namespace, "spec.nodeName", node);
  }

  private static boolean runsOn(JsonNode pod, String node) {
    return pod.path("spec").path("nodeName").asString("").equals(node);
  }
}
