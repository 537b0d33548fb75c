/** A real API server on a real etcd, for integration tests. */
@NullMarked
package minik8s.apiserver.testbed;

import org.jspecify.annotations.NullMarked;
