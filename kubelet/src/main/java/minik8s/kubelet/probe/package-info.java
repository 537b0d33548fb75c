/** Questions to containers: how they are asked, counted and scheduled; and the lifecycle hooks. */
@NullMarked
package minik8s.kubelet.probe;

import org.jspecify.annotations.NullMarked;
