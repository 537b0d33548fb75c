package minik8s.kubelet.probe;

/** How far a lifecycle hook has come. */
public enum HookState {
  RUNNING,
  DONE,
  FAILED
}
