/** What the launcher needs of the JVM beyond the daemons themselves. */
@NullMarked
package minik8s.launch;

import org.jspecify.annotations.NullMarked;
