package minik8s.apiserver.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import minik8s.api.Failure;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/**
 * Passes one request on to a kubelet and its answer back: plain, streaming or upgraded.
 *
 * <p>Thread-safe; every request has a connection of its own.
 */
public final class KubeletProxy {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int HANDSHAKE_MILLIS = 10_000;
  private static final int READ_MILLIS = 10_000;
  private static final int LARGEST_ANSWER = 16 * 1024 * 1024;
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "host",
          "authorization",
          "connection",
          "content-length",
          "transfer-encoding",
          "expect",
          "accept-encoding");
  private static final Set<String> NOT_RETURNED =
      Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "date", "upgrade");

  private final SSLContext tls;

  /** Shows the certificate of {@code tls} and believes in its CA. */
  public KubeletProxy(SSLContext tls) {
    this.tls = tls;
  }

  /**
   * A kubelet's address.
   *
   * @param node the node's name, which the certificate must carry
   */
  public record Place(String node, String host, int port) {}

  /**
   * Forwards the request under another path; throws ServiceUnavailable when the kubelet cannot be
   * reached.
   */
  public void relay(
      HttpServletRequest request,
      HttpServletResponse response,
      Place place,
      String path,
      byte[] body)
      throws IOException {
    Socket socket = connect(place);
    boolean handedOver = false;
    try {
      send(request, socket, place, path, body);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      ResponseHead head = ResponseHead.read(in);
      if (head.code() == 101) {
        upgrade(request, response, head, socket, in);
        handedOver = true;
      } else {
        answer(request, response, head, in);
      }
    } finally {
      if (!handedOver) {
        socket.close();
      }
    }
  }

  /**
   * What the kubelet answers to a GET; throws IOException when it refuses or is too slow, and
   * InternalError when it cannot be reached.
   */
  public String read(Place place, String path) throws IOException {
    try (Socket socket = connect(place)) {
      socket.setSoTimeout(READ_MILLIS);
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: " + place.node() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      ResponseHead head = ResponseHead.read(in);
      String body = new String(body(head, in).readNBytes(LARGEST_ANSWER), UTF_8);
      if (head.code() != 200) {
        throw new IOException("the kubelet answered " + head.code() + " to " + path);
      }
      return body;
    }
  }

  private Socket connect(Place place) {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(place.host(), place.port()), CONNECT_MILLIS);
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(HANDSHAKE_MILLIS);
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, place.node(), place.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.setSoTimeout(0);
      return socket;
    } catch (IOException e) {
      try {
        plain.close();
      } catch (IOException ignored) {
        e.addSuppressed(ignored);
      }
      throw Failure.internal(
              "error dialing the kubelet of node %s at %s:%d: %s"
                  .formatted(place.node(), place.host(), place.port(), e.getMessage()))
          .asException();
    }
  }

  private static void send(
      HttpServletRequest request, Socket socket, Place place, String path, byte[] body)
      throws IOException {
    boolean upgrade = request.getHeader("Upgrade") != null;
    StringBuilder head = new StringBuilder(512);
    head.append(request.getMethod()).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(place.node()).append("\r\n");
    head.append("Connection: ").append(upgrade ? "Upgrade" : "close").append("\r\n");
    for (String name : Collections.list(request.getHeaderNames())) {
      if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
        for (String value : Collections.list(request.getHeaders(name))) {
          head.append(name).append(": ").append(value).append("\r\n");
        }
      }
    }
    if (body.length > 0 || !(request.getMethod().equals("GET") || upgrade)) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    OutputStream out = socket.getOutputStream();
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
  }

  private static void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      ResponseHead head,
      Socket socket,
      InputStream in)
      throws IOException {
    response.setStatus(101);
    copyHeaders(head, response);
    response.setHeader("Connection", "Upgrade");
    response.setHeader("Upgrade", head.value("Upgrade"));
    Request raw = ServletContextRequest.getServletContextRequest(request);
    EndPoint client = raw.getConnectionMetaData().getConnection().getEndPoint();
    raw.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new Splice(client, socket, in));
  }

  private static void answer(
      HttpServletRequest request, HttpServletResponse response, ResponseHead head, InputStream in)
      throws IOException {
    InputStream body = body(head, in);
    boolean status = head.value("Content-Type").startsWith("application/json");
    if (head.code() >= 400 && !status) {
      throw refused(head.code(), new String(body.readNBytes(64 * 1024), UTF_8).strip());
    }
    response.setStatus(head.code());
    copyHeaders(head, response);
    if (request.getMethod().equals("HEAD")) {
      return;
    }
    response.flushBuffer();
    OutputStream out = response.getOutputStream();
    byte[] buffer = new byte[16 * 1024];
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      out.write(buffer, 0, read);
      if (in.available() == 0) {
        out.flush();
      }
    }
  }

  private static InputStream body(ResponseHead head, InputStream in) {
    if (head.value("Transfer-Encoding").equalsIgnoreCase("chunked")) {
      return new ChunkedInput(in);
    }
    String length = head.value("Content-Length");
    return length.isEmpty() ? in : new BoundedInput(in, Long.parseLong(length));
  }

  private static RuntimeException refused(int code, String text) {
    Failure.Reason reason =
        switch (code) {
          case 400 -> Failure.Reason.BadRequest;
          case 404 -> Failure.Reason.NotFound;
          case 401, 403 -> Failure.Reason.Forbidden;
          case 503 -> Failure.Reason.ServiceUnavailable;
          default -> Failure.Reason.InternalError;
        };
    return Failure.of(reason, text.isEmpty() ? "the kubelet answered " + code : text).asException();
  }

  private static void copyHeaders(ResponseHead head, HttpServletResponse response) {
    for (ResponseHead.Header header : head.headers()) {
      if (!NOT_RETURNED.contains(header.name().toLowerCase(Locale.ROOT))) {
        response.addHeader(header.name(), header.value());
      }
    }
  }
}
