/** The cluster's objects as Prometheus series. */
@NullMarked
package minik8s.controller.state;

import org.jspecify.annotations.NullMarked;
