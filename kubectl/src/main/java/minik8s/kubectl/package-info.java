/**
 * The command line client: finds the verb, parses its flags, turns failures into one line and an
 * exit code.
 */
@NullMarked
package minik8s.kubectl;

import org.jspecify.annotations.NullMarked;
