package minik8s.apiserver.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import minik8s.apiserver.authn.User;

/**
 * One request with what is known of it so far. Confined to the request's thread.
 *
 * @param request as it came
 * @param response to be answered
 * @param query its parameters
 * @param info what it is about
 * @param user who sent it
 */
record Exchange(
    HttpServletRequest request,
    HttpServletResponse response,
    Query query,
    RequestInfo info,
    User user) {

  /** The wished form of the answer. */
  Form form() {
    return Form.choose(request.getHeader("Accept"), query, request.getHeader("User-Agent"));
  }

  /** Whether the client can unpack gzip. */
  boolean takesGzip() {
    String accepted = request.getHeader("Accept-Encoding");
    return accepted != null && accepted.contains("gzip");
  }
}
