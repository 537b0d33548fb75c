/** Deletes what lost its owners, in the background, in the foreground, or orphans it. */
@NullMarked
package minik8s.controller.garbage;

import org.jspecify.annotations.NullMarked;
