/** Makes the type table of the schema room out of build-time sources; nothing here ships. */
@NullMarked
package minik8s.apiserver.schema.generator;

import org.jspecify.annotations.NullMarked;
