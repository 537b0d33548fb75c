/** Volumes of pods: prepared before containers start, kept up to date, removed with the pod. */
@NullMarked
package minik8s.kubelet.volume;

import org.jspecify.annotations.NullMarked;
