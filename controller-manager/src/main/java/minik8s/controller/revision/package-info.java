/** The history of workloads whose templates have no replica sets to live in. */
@NullMarked
package minik8s.controller.revision;

import org.jspecify.annotations.NullMarked;
