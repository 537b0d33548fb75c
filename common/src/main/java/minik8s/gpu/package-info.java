/**
 * The GPU kinds as records, and the pure rendering of a job's batch script: what the gpu-server and
 * kubectl share.
 */
@NullMarked
package minik8s.gpu;

import org.jspecify.annotations.NullMarked;
