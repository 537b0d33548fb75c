/** Pods into containers: a worker per pod, a pure plan, and the syncer that performs it. */
@NullMarked
package minik8s.kubelet.sync;

import org.jspecify.annotations.NullMarked;
