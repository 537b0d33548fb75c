/** Three-way merges: what to send so that the live object becomes what the file says. */
@NullMarked
package minik8s.kubectl.patch;

import org.jspecify.annotations.NullMarked;
