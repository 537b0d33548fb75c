/** Counts what namespaces have. */
@NullMarked
package minik8s.controller.resourcequota;

import org.jspecify.annotations.NullMarked;
