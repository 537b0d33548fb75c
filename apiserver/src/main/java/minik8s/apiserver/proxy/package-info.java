/** Pass-through of logs, exec, attach and port-forward to the node's kubelet. */
@NullMarked
package minik8s.apiserver.proxy;

import org.jspecify.annotations.NullMarked;
