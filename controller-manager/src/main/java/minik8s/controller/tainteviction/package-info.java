/** Deletes pods from nodes whose NoExecute taints they do not tolerate. */
@NullMarked
package minik8s.controller.tainteviction;

import org.jspecify.annotations.NullMarked;
