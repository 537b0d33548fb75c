package minik8s.apiserver.wiring;

import java.nio.ByteBuffer;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what Jetty itself refuses, such as a malformed request line, with a Status document.
 * Thread-safe.
 */
final class StatusErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int code = response.getStatus();
    Failure.Reason reason =
        switch (code) {
          case 404 -> Failure.Reason.NotFound;
          case 405 -> Failure.Reason.MethodNotAllowed;
          case 413, 414, 431 -> Failure.Reason.RequestEntityTooLarge;
          default -> code < 500 ? Failure.Reason.BadRequest : Failure.Reason.InternalError;
        };
    byte[] body =
        Json.bytes(Failure.of(reason, "the server refused the request").status().put("code", code));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
