/** The one door to JSch: login hosts over SSH with pinned host keys. */
@NullMarked
package minik8s.gpu.slurm.ssh;

import org.jspecify.annotations.NullMarked;
