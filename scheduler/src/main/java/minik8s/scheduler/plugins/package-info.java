/** One rule of placement per file, each under the name it has in Kubernetes. Pure. */
@NullMarked
package minik8s.scheduler.plugins;

import org.jspecify.annotations.NullMarked;
