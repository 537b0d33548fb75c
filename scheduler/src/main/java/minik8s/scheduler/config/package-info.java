/** From a KubeSchedulerConfiguration to profiles, with errors that name the place. Pure. */
@NullMarked
package minik8s.scheduler.config;

import org.jspecify.annotations.NullMarked;
