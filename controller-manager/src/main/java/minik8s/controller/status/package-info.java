/** How often controllers write statuses. */
@NullMarked
package minik8s.controller.status;

import org.jspecify.annotations.NullMarked;
