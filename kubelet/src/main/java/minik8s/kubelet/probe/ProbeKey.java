package minik8s.kubelet.probe;

/**
 * One probe of one run of a container. Immutable.
 *
 * @param containerId the runtime's
 */
public record ProbeKey(String containerId, ProbeKind kind) {}
