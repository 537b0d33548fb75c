/** The one shape of every control loop: queue, back-off, reconciler, timers, leader election. */
@NullMarked
package minik8s.control;

import org.jspecify.annotations.NullMarked;
