/** The HTTP edge: requests to verbs, results and failures to answers. */
@NullMarked
package minik8s.apiserver.rest;

import org.jspecify.annotations.NullMarked;
