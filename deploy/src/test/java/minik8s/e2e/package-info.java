/** End-to-end tests: real clients against whole clusters that the launcher started. */
@NullMarked
package minik8s.e2e;

import org.jspecify.annotations.NullMarked;
