/** What plugins see and say: pods, nodes, the cluster, filters, scores, verdicts. Pure. */
@NullMarked
package minik8s.scheduler.framework;

import org.jspecify.annotations.NullMarked;
