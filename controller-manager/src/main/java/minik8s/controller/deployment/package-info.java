/** Rolls pod templates out through replica sets. */
@NullMarked
package minik8s.controller.deployment;

import org.jspecify.annotations.NullMarked;
