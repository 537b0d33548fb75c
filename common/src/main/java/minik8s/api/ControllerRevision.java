package minik8s.api;

import minik8s.api.codec.Raw;

/**
 * A former or present state of a workload's template. Immutable.
 *
 * @param data the strategic merge patch that brings the workload back to that state
 * @param revision grows with each rollout; the largest is the present one
 */
public record ControllerRevision(ObjectMeta metadata, Raw data, long revision)
    implements KubeObject {}
