/**
 * Cron schedules: one grammar for the server that judges them and the controller that keeps them.
 */
@NullMarked
package minik8s.api.cron;

import org.jspecify.annotations.NullMarked;
