/** Clean-up: images that nobody uses and containers that have ended. */
@NullMarked
package minik8s.kubelet.gc;

import org.jspecify.annotations.NullMarked;
