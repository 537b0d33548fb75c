/** Pods that a folder of the node asks for, and their mirrors at the API server. */
@NullMarked
package minik8s.kubelet.manifest;

import org.jspecify.annotations.NullMarked;
