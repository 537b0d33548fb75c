/** Keeps numbered pods with stable names and claims. */
@NullMarked
package minik8s.controller.statefulset;

import org.jspecify.annotations.NullMarked;
