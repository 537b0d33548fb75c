/** Manifests from files, folders, URLs and standard input, as documents with their origin. */
@NullMarked
package minik8s.kubectl.manifest;

import org.jspecify.annotations.NullMarked;
