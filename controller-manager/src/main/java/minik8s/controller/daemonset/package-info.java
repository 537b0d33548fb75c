/** Keeps one pod on every node that fits. */
@NullMarked
package minik8s.controller.daemonset;

import org.jspecify.annotations.NullMarked;
