/** The scheduler alone, measured over simulated nodes. */
@NullMarked
package minik8s.scheduler.bench;

import org.jspecify.annotations.NullMarked;
