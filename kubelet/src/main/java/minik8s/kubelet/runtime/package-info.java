/**
 * Containers as the kubelet sees them: a port of few idempotent verbs, and the picture of what
 * runs.
 */
@NullMarked
package minik8s.kubelet.runtime;

import org.jspecify.annotations.NullMarked;
