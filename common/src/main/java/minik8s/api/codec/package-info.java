/** JSON and YAML to records and documents, and back; the only place that builds Jackson mappers. */
@NullMarked
package minik8s.api.codec;

import org.jspecify.annotations.NullMarked;
