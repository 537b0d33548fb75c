/** Gives every namespace the cluster's CA certificate. */
@NullMarked
package minik8s.controller.rootca;

import org.jspecify.annotations.NullMarked;
