/** Tests of the schema room. */
@NullMarked
package minik8s.apiserver.schema;

import org.jspecify.annotations.NullMarked;
