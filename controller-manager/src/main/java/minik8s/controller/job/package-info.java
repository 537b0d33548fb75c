/** Runs pods until enough of them have succeeded, and counts each exactly once. */
@NullMarked
package minik8s.controller.job;

import org.jspecify.annotations.NullMarked;
