/** The node object: registration, capacity, conditions and the lease. */
@NullMarked
package minik8s.kubelet.node;

import org.jspecify.annotations.NullMarked;
