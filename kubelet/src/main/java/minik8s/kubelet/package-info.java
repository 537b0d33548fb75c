/** The node agent: turns the pods bound to this node into containers and reports on them. */
@NullMarked
package minik8s.kubelet;

import org.jspecify.annotations.NullMarked;
