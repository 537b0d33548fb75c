/** What happens when the node runs short: conditions, clean-up, and pods that have to go. */
@NullMarked
package minik8s.kubelet.eviction;

import org.jspecify.annotations.NullMarked;
