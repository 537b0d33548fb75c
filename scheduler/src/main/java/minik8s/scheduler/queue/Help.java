package minik8s.scheduler.queue;

/** How much a change of the cluster promises to a pod that was rejected. */
public enum Help {
  /** Nothing: the pod stays where it is. */
  NONE,
  /** Its case is another now, though not clearly better: to be tried when its back-off is over. */
  MAYBE,
  /** There is a node now that seems to fit: to be tried as soon as nothing else is to be done. */
  LIKELY
}
