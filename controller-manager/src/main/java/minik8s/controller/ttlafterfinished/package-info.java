/** Deletes finished jobs when their time is over. */
@NullMarked
package minik8s.controller.ttlafterfinished;

import org.jspecify.annotations.NullMarked;
