package minik8s.api;

/** A pod: containers that share a sandbox on one node. Immutable. */
public record Pod(ObjectMeta metadata, PodSpec spec, PodStatus status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Pod {
    spec = spec == null ? PodSpec.EMPTY : spec;
    status = status == null ? PodStatus.EMPTY : status;
  }

  /** The annotation of a mirror: the uid of the static pod that it shows. */
  public static final String MIRROR = "kubernetes.io/config.mirror";

  /** The uid under which the node runs this pod: a mirror's is that of its static pod. */
  public String nodeUid() {
    return metadata.annotations().getOrDefault(MIRROR, uid());
  }

  /** Whether this is only what the API server shows of a static pod. */
  public boolean mirror() {
    return metadata.annotations().containsKey(MIRROR);
  }

  /** Whether every container ended and none will be started again. */
  public boolean finished() {
    return status.phase().equals("Succeeded") || status.phase().equals("Failed");
  }

  /** Whether this pod still counts for its controller: not ended and not being deleted. */
  public boolean active() {
    return !finished() && !metadata.deleting();
  }

  /** Whether the Ready condition is True. */
  public boolean ready() {
    return Condition.isTrue(status.conditions(), "Ready");
  }

  /** The same pod with a node. */
  public Pod boundTo(String node) {
    return new Pod(metadata, spec.withNodeName(node), status);
  }

  /** Whether a node was chosen. */
  public boolean bound() {
    return !spec.nodeName().isEmpty();
  }
}
