/** Removes pods that no kubelet will ever remove. */
@NullMarked
package minik8s.controller.podgc;

import org.jspecify.annotations.NullMarked;
