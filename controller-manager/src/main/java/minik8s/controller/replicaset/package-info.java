/** Keeps a number of equal pods. */
@NullMarked
package minik8s.controller.replicaset;

import org.jspecify.annotations.NullMarked;
