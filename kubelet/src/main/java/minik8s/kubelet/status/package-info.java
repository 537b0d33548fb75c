/** Pod statuses as Kubernetes reports them, computed purely and written when changed. */
@NullMarked
package minik8s.kubelet.status;

import org.jspecify.annotations.NullMarked;
