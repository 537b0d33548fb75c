/** JSON and YAML documents as plain maps and lists, read and written as kubectl does. */
@NullMarked
package minik8s.kubectl.document;

import org.jspecify.annotations.NullMarked;
