/** What nodes and pods use: samples from kubelets, and the rates between them. */
@NullMarked
package minik8s.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
