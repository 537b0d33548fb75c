/** The HTTPS server of the node: logs, exec, attach, health and metrics. */
@NullMarked
package minik8s.kubelet.server;

import org.jspecify.annotations.NullMarked;
