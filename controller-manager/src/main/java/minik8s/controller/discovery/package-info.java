/** What the API server serves, for controllers that work on every kind. */
@NullMarked
package minik8s.controller.discovery;

import org.jspecify.annotations.NullMarked;
