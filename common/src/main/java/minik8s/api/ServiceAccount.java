package minik8s.api;

import org.jspecify.annotations.Nullable;

/** The identity that pods run under. Immutable. */
public record ServiceAccount(ObjectMeta metadata, @Nullable Boolean automountServiceAccountToken)
    implements KubeObject {}
