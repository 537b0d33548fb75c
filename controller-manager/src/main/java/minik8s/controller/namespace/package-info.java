/** Empties namespaces that are being deleted. */
@NullMarked
package minik8s.controller.namespace;

import org.jspecify.annotations.NullMarked;
