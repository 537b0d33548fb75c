/** The verbs, one class each. */
@NullMarked
package minik8s.kubectl.command;

import org.jspecify.annotations.NullMarked;
