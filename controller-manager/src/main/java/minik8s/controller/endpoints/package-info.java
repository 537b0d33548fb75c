/** Lists the pods behind each service, as Endpoints and as EndpointSlices. */
@NullMarked
package minik8s.controller.endpoints;

import org.jspecify.annotations.NullMarked;
