/** Spring's one configuration: explicit beans and the Jetty server. */
@NullMarked
package minik8s.apiserver.wiring;

import org.jspecify.annotations.NullMarked;
