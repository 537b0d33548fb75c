package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. Stateless. */
final class Answer {
  private Answer() {}

  /** Bytes of a type under a code. */
  static void bytes(HttpServletResponse response, int code, String type, byte[] body)
      throws IOException {
    response.setStatus(code);
    response.setContentType(type);
    response.setHeader("Cache-Control", "no-cache, private");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** A JSON document. */
  static void json(HttpServletResponse response, int code, ObjectNode document) throws IOException {
    bytes(response, code, "application/json", Json.bytes(document));
  }

  /** Plain text. */
  static void text(HttpServletResponse response, int code, String text) throws IOException {
    bytes(response, code, "text/plain; charset=utf-8", text.getBytes(UTF_8));
  }

  /** A failure as a Status document; nothing when the answer has begun already. */
  static void failure(HttpServletResponse response, Failure failure) throws IOException {
    if (response.isCommitted()) {
      throw new IOException("cannot tell a client in mid-answer: " + failure.message());
    }
    response.resetBuffer();
    Integer retry = failure.retryAfterSeconds();
    if (retry != null) {
      response.setIntHeader("Retry-After", retry);
    }
    json(response, failure.code(), failure.status());
  }

  /** A Status document of success. */
  static ObjectNode success() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success");
  }

  /** Warnings as headers. Source: RFC 7234, 5.5, as apiserver writes it. */
  static void warnings(HttpServletResponse response, List<String> warnings) {
    for (String warning : warnings) {
      String quoted =
          warning.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
      response.addHeader("Warning", "299 - \"" + quoted + "\"");
    }
  }
}
