/** Whether they may: role-based access control, the node rule, and the reviews that explain it. */
@NullMarked
package minik8s.apiserver.authz;

import org.jspecify.annotations.NullMarked;
