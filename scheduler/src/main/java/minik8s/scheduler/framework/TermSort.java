package minik8s.scheduler.framework;

/** What a term of a pod on a node means for pods that come later. */
public enum TermSort {
  /** Required anti-affinity: those meant cannot come near. */
  REPELS,
  /** Required affinity: those meant had better come near. */
  ATTACHED,
  /** Preferred affinity or anti-affinity. */
  INCLINED
}
