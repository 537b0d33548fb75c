/** Where results land: files for a file server, whole or not at all, and pages made for people. */
@NullMarked
package minik8s.gpu.results;

import org.jspecify.annotations.NullMarked;
