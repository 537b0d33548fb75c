/** How a process speaks to the API server: requests, watches, kubeconfig, TLS. */
@NullMarked
package minik8s.client;

import org.jspecify.annotations.NullMarked;
