/**
 * Pure rules that a document passes on its way in: defaults, validation, ownership of fields,
 * warnings.
 */
@NullMarked
package minik8s.apiserver.admission;

import org.jspecify.annotations.NullMarked;
