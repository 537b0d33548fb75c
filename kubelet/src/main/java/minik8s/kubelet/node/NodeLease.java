package minik8s.kubelet.node;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Lease;
import minik8s.api.MicroTime;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.OwnerReference;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.control.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** The node's sign of life, renewed every ten seconds. Confined to its loop. */
public final class NodeLease {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
  private static final String NAMESPACE = "kube-node-lease";
  private static final int DURATION_SECONDS = 40;

  private final Api api;
  private final String node;
  private final Timers timers;
  private boolean exists;

  public NodeLease(Api api, String node, Timers timers) {
    this.api = api;
    this.node = node;
    this.timers = timers;
  }

  /** Renews the lease, or creates it once the node exists; false when it has to be tried soon. */
  public boolean step() {
    Instant now = timers.clock().instant();
    try {
      if (exists) {
        ObjectNode patch = Json.object();
        patch
            .putObject("spec")
            .put("renewTime", new MicroTime(now).text())
            .put("holderIdentity", node)
            .put("leaseDurationSeconds", DURATION_SECONDS);
        api.patch(Resources.LEASES, new ObjectKey(NAMESPACE, node), "", PatchType.MERGE, patch);
        return true;
      }
      return create(now);
    } catch (ApiException e) {
      exists &= !e.notFound();
      LOG.warn("lease of node {} not renewed: {}", node, e.getMessage());
      return false;
    }
  }

  private boolean create(Instant now) {
    Optional<Node> owner = api.find(Resources.NODES, ObjectKey.cluster(node));
    if (owner.isEmpty()) {
      return false;
    }
    Lease lease =
        new Lease(
            ObjectMeta.of(NAMESPACE, node, Map.of())
                .withOwners(
                    List.of(
                        new OwnerReference("v1", "Node", node, owner.get().uid(), false, false))),
            new Lease.Spec(node, DURATION_SECONDS, null, new MicroTime(now), null));
    try {
      api.create(Resources.LEASES, NAMESPACE, lease);
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
      exists = true;
      return step();
    }
    exists = true;
    return true;
  }
}
