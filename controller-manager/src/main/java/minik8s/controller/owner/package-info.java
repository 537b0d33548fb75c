/** Which objects belong to a controller: claims, adoption and release. */
@NullMarked
package minik8s.controller.owner;

import org.jspecify.annotations.NullMarked;
