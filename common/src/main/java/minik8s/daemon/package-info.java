/** What every daemon's main needs: flags, health and metrics endpoints, graceful stop. */
@NullMarked
package minik8s.daemon;

import org.jspecify.annotations.NullMarked;
