/** The size of anything that has one. */
@NullMarked
package minik8s.controller.scale;

import org.jspecify.annotations.NullMarked;
