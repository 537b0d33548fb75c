/** Makes things as large as their load demands. */
@NullMarked
package minik8s.controller.autoscaler;

import org.jspecify.annotations.NullMarked;
