/** Label and field queries over documents, with Kubernetes' syntax and error texts. */
@NullMarked
package minik8s.apiserver.selector;

import org.jspecify.annotations.NullMarked;
