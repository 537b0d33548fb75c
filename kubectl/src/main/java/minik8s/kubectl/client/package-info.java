/** The small HTTP layer: kubeconfig, TLS, requests, watches, discovery and WebSocket streams. */
@NullMarked
package minik8s.kubectl.client;

import org.jspecify.annotations.NullMarked;
