/** Documents as rows of cells with Kubernetes' columns, for clients that print. */
@NullMarked
package minik8s.apiserver.table;

import org.jspecify.annotations.NullMarked;
