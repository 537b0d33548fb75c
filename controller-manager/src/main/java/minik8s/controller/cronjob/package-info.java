/** Makes jobs at certain times. */
@NullMarked
package minik8s.controller.cronjob;

import org.jspecify.annotations.NullMarked;
