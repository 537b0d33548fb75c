/**
 * What the node's containers and the node itself use, read from cgroups and {@code /proc}, and the
 * three pages on which the kubelet shows it.
 */
@NullMarked
package minik8s.kubelet.metrics;

import org.jspecify.annotations.NullMarked;
