/**
 * Current snapshot and bounded history of every stored resource; lists and watches come from here.
 */
@NullMarked
package minik8s.apiserver.watchcache;

import org.jspecify.annotations.NullMarked;
