package minik8s.controller.volume;

/** The annotations and finalizers by which binders and provisioners understand each other. */
final class Marks {
  /** On claims and volumes: this controller chose the other side, so it may undo that. */
  static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /** On claims: bound once, so a volume that is missing now is lost. */
  static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

  /** On volumes: who made it. */
  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  /** On claims: who shall make a volume. */
  static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";

  /** On claims: the node that the scheduler chose for the first pod. */
  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  /** The old place of the class, which still counts. */
  static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

  static final String CLAIM_IN_USE = "kubernetes.io/pvc-protection";
  static final String VOLUME_IN_USE = "kubernetes.io/pv-protection";

  /** The provisioner of folders on nodes. */
  static final String LOCAL_PATH = "minik8s.io/local-path";

  static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

  private Marks() {}
}
