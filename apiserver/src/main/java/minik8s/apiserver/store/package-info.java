/** The storage port: keys, bytes and revisions, with no knowledge of kinds. */
@NullMarked
package minik8s.apiserver.store;

import org.jspecify.annotations.NullMarked;
