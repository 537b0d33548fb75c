/**
 * The whole cluster in one thread: registry over a store in memory, every controller, the scheduler
 * and kubelets over fake runtimes, interleaved by one seed. A failing seed is the bug report.
 */
@NullMarked
package minik8s.simulation;

import org.jspecify.annotations.NullMarked;
