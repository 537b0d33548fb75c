/** Brings claims and volumes together, makes volumes, and takes them back. */
@NullMarked
package minik8s.controller.volume;

import org.jspecify.annotations.NullMarked;
