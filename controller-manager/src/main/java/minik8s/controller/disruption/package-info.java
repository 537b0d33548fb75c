/** Keeps count of how many pods may be taken away. */
@NullMarked
package minik8s.controller.disruption;

import org.jspecify.annotations.NullMarked;
