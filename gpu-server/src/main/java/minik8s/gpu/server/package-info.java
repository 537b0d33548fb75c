/** The gpu-server's main: its flags, what it is made of, in which order all starts. */
@NullMarked
package minik8s.gpu.server;

import org.jspecify.annotations.NullMarked;
