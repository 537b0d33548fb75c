/** Everything that works on documents by schema: decoding, patches, custom schemas, OpenAPI. */
@NullMarked
package minik8s.apiserver.schema;

import org.jspecify.annotations.NullMarked;
