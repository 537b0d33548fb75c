/** Notices silent nodes, says so in their conditions, taints and pods. */
@NullMarked
package minik8s.controller.nodelifecycle;

import org.jspecify.annotations.NullMarked;
