/** The Kubernetes objects that the processes act on, as small immutable records; no I/O. */
@NullMarked
package minik8s.api;

import org.jspecify.annotations.NullMarked;
