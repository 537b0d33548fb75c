/** Long descriptions of objects for people: pure functions from documents to text. */
@NullMarked
package minik8s.kubectl.describe;

import org.jspecify.annotations.NullMarked;
