/** The patches that controllers send, as documents; pure. */
@NullMarked
package minik8s.controller.patch;

import org.jspecify.annotations.NullMarked;
