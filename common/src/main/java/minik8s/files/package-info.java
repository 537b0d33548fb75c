/** What several daemons do with files and folders. Knows no other room of the house. */
@NullMarked
package minik8s.files;

import org.jspecify.annotations.NullMarked;
