/**
 * The scheduler: gives each pending pod a node. Its loop is {@link
 * minik8s.scheduler.SchedulingLoop}.
 */
@NullMarked
package minik8s.scheduler;

import org.jspecify.annotations.NullMarked;
