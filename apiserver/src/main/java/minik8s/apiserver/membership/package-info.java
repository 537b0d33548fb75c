/**
 * How servers that share one store know of each other, so that one that is alone may read from
 * memory.
 */
@NullMarked
package minik8s.apiserver.membership;

import org.jspecify.annotations.NullMarked;
