/** Tests of the launcher's Java part. */
@NullMarked
package minik8s.launch;

import org.jspecify.annotations.NullMarked;
