/** Pods without a node: active, backing off, or waiting until the world changes. */
@NullMarked
package minik8s.scheduler.queue;

import org.jspecify.annotations.NullMarked;
