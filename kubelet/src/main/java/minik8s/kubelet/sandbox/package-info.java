/** What surrounds a pod's containers: names, resolver, privileges, and what is refused. */
@NullMarked
package minik8s.kubelet.sandbox;

import org.jspecify.annotations.NullMarked;
