package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import minik8s.api.Failure;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/** Turns a request into a WebSocket. Stateless. Source: RFC 6455, 4.2.2. */
final class WebSocketHandshake {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String BEARER = "base64url.bearer.authorization.k8s.io.";

  private WebSocketHandshake() {}

  /** Whether the client asks for it. */
  static boolean wanted(HttpServletRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
  }

  /** Accepts; the watch runs once the request has been served. */
  static void accept(
      HttpServletRequest request, HttpServletResponse response, WebSocketWatch.Watch watch) {
    String key = request.getHeader("Sec-WebSocket-Key");
    if (key == null) {
      throw Failure.badRequest("Sec-WebSocket-Key is missing").asException();
    }
    response.setHeader("Sec-WebSocket-Accept", answer(key));
    for (String line : Collections.list(request.getHeaders("Sec-WebSocket-Protocol"))) {
      for (String offered : line.split(",")) {
        if (!offered.strip().startsWith(BEARER)
            && !response.containsHeader("Sec-WebSocket-Protocol")) {
          response.setHeader("Sec-WebSocket-Protocol", offered.strip());
        }
      }
    }
    response.setStatus(101);
    response.setHeader("Connection", "Upgrade");
    response.setHeader("Upgrade", "websocket");
    Request raw = ServletContextRequest.getServletContextRequest(request);
    EndPoint client = raw.getConnectionMetaData().getConnection().getEndPoint();
    raw.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new WebSocketWatch(client, watch));
  }

  private static String answer(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key.strip() + MAGIC).getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
