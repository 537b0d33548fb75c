package minik8s.kubelet.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import minik8s.api.Probe;
import minik8s.kubelet.probe.Answer.Verdict;

/**
 * One GET; success is a status from 200 to 399. Immutable.
 *
 * <p>Certificates are not verified. A redirect to the same host is followed, one to another host
 * counts as success with a warning. Only the head of an answer is read. Source: Kubernetes' {@code
 * pkg/probe/http}. It speaks HTTP itself because the JDK's client neither lets a probe choose its
 * {@code Host} nor leaves host names unverified for one client only.
 */
final class HttpCheck {
  private static final int MAX_REDIRECTS = 10;
  private static final int MAX_HEAD = 64 << 10;

  private final boolean secure;
  private final String host;
  private final int port;
  private final String path;
  private final List<Probe.Header> headers;

  private HttpCheck(
      boolean secure, String host, int port, String path, List<Probe.Header> headers) {
    this.secure = secure;
    this.host = host;
    this.port = port;
    this.path = path;
    this.headers = headers;
  }

  static HttpCheck of(Probe.HttpGet action, Target target) {
    return new HttpCheck(
        action.scheme().equalsIgnoreCase("HTTPS"),
        action.host().isEmpty() ? target.ip() : action.host(),
        target.port(action.port()),
        plain(action.path().startsWith("/") ? action.path() : "/" + action.path()),
        action.httpHeaders());
  }

  /** A path that fits on a request line. */
  private static String plain(String path) {
    StringBuilder text = new StringBuilder();
    for (byte b : path.getBytes(UTF_8)) {
      boolean fits = b > ' ' && b < 0x7f;
      text.append(fits ? String.valueOf((char) b) : "%%%02X".formatted(b));
    }
    return text.toString();
  }

  /** What an answer's first lines say. */
  private record Head(int status, String location) {}

  Answer ask(Limit limit) {
    HttpCheck at = this;
    try {
      for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
        Head head = at.head(limit);
        if (head.status >= 300 && head.status < 400 && !head.location.isEmpty()) {
          URI next = URI.create(at.url()).resolve(head.location);
          if (!host.equalsIgnoreCase(next.getHost())) {
            return new Answer(
                Verdict.WARNING, "Probe terminated redirects, Response body: " + head.location);
          }
          at = at.moved(next);
        } else {
          return head.status >= 200 && head.status < 400
              ? Answer.success()
              : Answer.failure("HTTP probe failed with statuscode: " + head.status);
        }
      }
      return Answer.failure(at.failed("stopped after " + MAX_REDIRECTS + " redirects"));
    } catch (IllegalArgumentException e) {
      return Answer.failure(at.failed("invalid Location header: " + e.getMessage()));
    } catch (IOException e) {
      return Answer.failure(
          at.failed(
              limit.over()
                  ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
                  : e instanceof EOFException ? "EOF" : String.valueOf(e.getMessage())));
    }
  }

  /** Only that something answers; for hooks. */
  void call(Limit limit) throws IOException {
    var _ = head(limit);
  }

  private HttpCheck moved(URI next) {
    boolean tls = "https".equals(next.getScheme());
    int where = next.getPort() > 0 ? next.getPort() : tls ? 443 : 80;
    String query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
    String raw = next.getRawPath();
    return new HttpCheck(
        tls, host, where, (raw == null || raw.isEmpty() ? "/" : raw) + query, headers);
  }

  private String url() {
    return (secure ? "https://" : "http://") + Target.address(host, port) + path;
  }

  private String failed(String why) {
    return "Get \"" + url() + "\": " + why;
  }

  private Head head(Limit limit) throws IOException {
    try (Socket plain = new Socket()) {
      limit.on(plain::close);
      try {
        plain.connect(new InetSocketAddress(host, port));
      } catch (IOException e) {
        throw limit.over() ? e : new IOException(TcpCheck.dialing(host, port, e, limit), e);
      }
      Socket socket = secure ? UnverifiedTls.over(plain, host, port) : plain;
      socket.getOutputStream().write(request().getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return read(new BufferedInputStream(socket.getInputStream()));
    }
  }

  /** Names and values are checked by the API server; a line break would begin another header. */
  private String request() {
    StringBuilder text = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\n");
    if (lacks("Host")) {
      text.append("Host: ").append(Target.address(host, port)).append("\r\n");
    }
    if (lacks("User-Agent")) {
      text.append("User-Agent: kube-probe/1.36\r\n");
    }
    if (lacks("Accept")) {
      text.append("Accept: */*\r\n");
    }
    for (Probe.Header header : headers) {
      String line = header.name() + ": " + header.value();
      text.append(line.replaceAll("[\r\n]", " ")).append("\r\n");
    }
    return text.append("Connection: close\r\n\r\n").toString();
  }

  private boolean lacks(String name) {
    return headers.stream().noneMatch(h -> h.name().equalsIgnoreCase(name));
  }

  private static Head read(InputStream in) throws IOException {
    int[] left = {MAX_HEAD};
    String[] first = line(in, left).split(" ", 3);
    if (first.length < 2 || !first[0].startsWith("HTTP/") || !first[1].matches("\\d{3}")) {
      throw new IOException("malformed HTTP response \"" + String.join(" ", first) + "\"");
    }
    String location = "";
    for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("location:")) {
        location = line.substring("location:".length()).strip();
      }
    }
    return new Head(Integer.parseInt(first[1]), location);
  }

  private static String line(InputStream in, int[] left) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("EOF");
      }
      if (--left[0] < 0) {
        throw new IOException("server response headers exceeded " + MAX_HEAD + " bytes");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
