/** Gives every namespace its default service account. */
@NullMarked
package minik8s.controller.serviceaccount;

import org.jspecify.annotations.NullMarked;
