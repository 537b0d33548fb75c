/** The project's Slurm test bed, as tests use it. */
@NullMarked
package minik8s.gpu.testbed;

import org.jspecify.annotations.NullMarked;
