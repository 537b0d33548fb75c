/**
 * A Slurm cluster as the gpu-server uses it: the gateway port, what its answers mean, and the fixed
 * commands behind them. Knows nothing of SSH.
 */
@NullMarked
package minik8s.gpu.slurm;

import org.jspecify.annotations.NullMarked;
