/** Drives each GpuJob: a pure plan says the next step, the reconciler takes it. */
@NullMarked
package minik8s.gpu.job;

import org.jspecify.annotations.NullMarked;
