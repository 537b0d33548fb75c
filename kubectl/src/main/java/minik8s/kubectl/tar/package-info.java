/** The tar format, as far as files travel to and from containers in it. */
@NullMarked
package minik8s.kubectl.tar;

import org.jspecify.annotations.NullMarked;
