/** Claims that pods bring along: made with the pod, gone with it. */
@NullMarked
package minik8s.controller.ephemeral;

import org.jspecify.annotations.NullMarked;
