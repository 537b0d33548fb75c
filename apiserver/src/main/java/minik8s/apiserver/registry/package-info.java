/** The verbs on objects, generic over kinds; the only writer of the store. */
@NullMarked
package minik8s.apiserver.registry;

import org.jspecify.annotations.NullMarked;
