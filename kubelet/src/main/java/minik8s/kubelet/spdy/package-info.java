/** SPDY/3.1 as kubectl speaks it for exec, attach and port-forward: framing only, no transport. */
@NullMarked
package minik8s.kubelet.spdy;

import org.jspecify.annotations.NullMarked;
