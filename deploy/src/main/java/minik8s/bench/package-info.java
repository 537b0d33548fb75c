/** `deploy/minik8s bench`: each figure measured beside its baseline in the same run. */
@NullMarked
package minik8s.bench;

import org.jspecify.annotations.NullMarked;
