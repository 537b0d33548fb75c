/** Local read-only caches that follow a kind by list and watch. */
@NullMarked
package minik8s.client.informer;

import org.jspecify.annotations.NullMarked;
