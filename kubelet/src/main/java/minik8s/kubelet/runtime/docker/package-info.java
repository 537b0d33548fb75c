/** The container runtime port over Docker; the only importer of docker-java. */
@NullMarked
package minik8s.kubelet.runtime.docker;

import org.jspecify.annotations.NullMarked;
