/**
 * Which kinds are served, as data; discovery documents, scale views and conversions follow from it.
 */
@NullMarked
package minik8s.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
