/**
 * What objects cost a namespace: pure arithmetic over documents, shared by server and controller.
 */
@NullMarked
package minik8s.api.quota;

import org.jspecify.annotations.NullMarked;
