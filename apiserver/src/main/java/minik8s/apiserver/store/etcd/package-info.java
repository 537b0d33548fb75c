/** The store on etcd; the only importer of jetcd. */
@NullMarked
package minik8s.apiserver.store.etcd;

import org.jspecify.annotations.NullMarked;
