/** Printers: tables, JSON, YAML, JSONPath, custom columns; pure functions onto an Appendable. */
@NullMarked
package minik8s.kubectl.output;

import org.jspecify.annotations.NullMarked;
