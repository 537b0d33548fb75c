/** The API server's main: flags in, a running server out. */
@NullMarked
package minik8s.apiserver;

import org.jspecify.annotations.NullMarked;
