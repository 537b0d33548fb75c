package minik8s.kubectl.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 to one server over as few connections as possible, written by hand because the JDK's
 * client takes 300 ms to load. Requests are sent by one thread at a time.
 */
public final class Transport implements AutoCloseable {
  private final Endpoint endpoint;
  private final @Nullable Trace trace;
  private @Nullable Tls tls;
  private @Nullable Wire idle;

  /**
   * Where requests are told of under {@code -v=6} and more.
   *
   * @param out the stream to write to
   * @param level the verbosity
   * @param clock for the time a request took
   */
  public record Trace(PrintStream out, int level, InstantSource clock) {}

  /** A transport that connects when first used; a null trace tells nothing. */
  public Transport(Endpoint endpoint, @Nullable Trace trace) {
    this.endpoint = endpoint;
    this.trace = trace;
  }

  /** Where this transport leads. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Sends a request; {@code headers} alternate names and values; a null body sends none. */
  public Response send(String method, String path, List<String> headers, byte @Nullable [] body) {
    if (trace == null) {
      return attempt(method, path, headers, body);
    }
    if (trace.level() >= 8 && body != null) {
      trace.out().println("Request Body: " + new String(body, StandardCharsets.UTF_8));
    }
    long start = trace.clock().millis();
    Response response = attempt(method, path, headers, body);
    String code = response.status() + " in " + (trace.clock().millis() - start);
    trace.out().println(method + " " + endpoint.server() + path + " " + code + " milliseconds");
    return response;
  }

  private Response attempt(
      String method, String path, List<String> headers, byte @Nullable [] body) {
    try {
      Wire wire = take();
      try {
        return exchange(wire, method, path, headers, body);
      } catch (IOException e) {
        wire.close();
        if (!wire.used || e instanceof SocketTimeoutException) {
          throw e;
        }
        return exchange(fresh(), method, path, headers, body);
      }
    } catch (IOException e) {
      throw failure(e, endpoint);
    }
  }

  private Wire take() throws IOException {
    Wire wire = idle;
    idle = null;
    return wire != null ? wire : fresh();
  }

  private Wire fresh() throws IOException {
    if (endpoint.secure() && tls == null) {
      tls = new Tls(endpoint);
    }
    return Wire.open(endpoint, tls);
  }

  private Response exchange(
      Wire wire, String method, String path, List<String> headers, byte @Nullable [] body)
      throws IOException {
    wire.out.write(head(method, path, headers, body));
    wire.out.flush();
    String statusLine = BodyStream.line(wire.in);
    while (statusLine.startsWith("HTTP/1.1 100")) {
      readHeaders(wire.in);
      statusLine = BodyStream.line(wire.in);
    }
    if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < 12) {
      throw new IOException("malformed HTTP response \"" + statusLine + "\"");
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    List<String> answer = readHeaders(wire.in);
    boolean reusable = !"close".equalsIgnoreCase(find(answer, "connection"));
    long length = length(status, method, answer);
    Runnable done = reusable ? () -> giveBack(wire) : wire::close;
    if (status == 101) {
      return new Response(status, answer, wire.in, wire);
    }
    return new Response(status, answer, new BodyStream(wire.in, length, done), wire);
  }

  private static long length(int status, String method, List<String> headers) {
    if (status == 204 || status == 304 || method.equals("HEAD")) {
      return 0;
    }
    if (find(headers, "transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      return BodyStream.CHUNKED;
    }
    String length = find(headers, "content-length");
    return length.isEmpty() ? BodyStream.UNTIL_CLOSE : Long.parseLong(length.strip());
  }

  private void giveBack(Wire wire) {
    wire.used = true;
    try {
      wire.socket.setSoTimeout(endpoint.timeoutMillis());
    } catch (IOException e) {
      wire.close();
      return;
    }
    Wire other = idle;
    idle = wire;
    if (other != null) {
      other.close();
    }
  }

  private byte[] head(String method, String path, List<String> headers, byte @Nullable [] body) {
    StringBuilder out = new StringBuilder(512);
    out.append(method).append(' ').append(endpoint.basePath()).append(path).append(" HTTP/1.1\r\n");
    header(out, "Host", endpoint.hostPort());
    header(out, "User-Agent", "kubectl/minik8s");
    if (!endpoint.authorization().isEmpty() && endpoint.secure()) {
      header(out, "Authorization", endpoint.authorization());
    }
    for (int i = 0; i < endpoint.impersonation().size(); i += 2) {
      header(out, endpoint.impersonation().get(i), endpoint.impersonation().get(i + 1));
    }
    for (int i = 0; i < headers.size(); i += 2) {
      header(out, headers.get(i), headers.get(i + 1));
    }
    if (body != null) {
      header(out, "Content-Length", Integer.toString(body.length));
    }
    out.append("\r\n");
    byte[] head = out.toString().getBytes(StandardCharsets.UTF_8);
    if (body == null) {
      return head;
    }
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  private static void header(StringBuilder out, String name, String value) {
    out.append(name).append(": ").append(value).append("\r\n");
  }

  private static List<String> readHeaders(InputStream in) throws IOException {
    List<String> out = new ArrayList<>();
    for (String line = BodyStream.line(in); !line.isEmpty(); line = BodyStream.line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        out.add(line.substring(0, colon).toLowerCase(Locale.ROOT));
        out.add(line.substring(colon + 1).strip());
      }
    }
    return out;
  }

  private static String find(List<String> headers, String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equals(name)) {
        return headers.get(i + 1);
      }
    }
    return "";
  }

  static KubectlException failure(IOException e, @Nullable Endpoint endpoint) {
    String where = endpoint == null ? "" : endpoint.hostPort();
    String detail =
        switch (e) {
          case UnknownHostException unknown when endpoint != null ->
              "dial tcp: lookup " + endpoint.host() + ": no such host";
          case SocketTimeoutException timeout ->
              "net/http: request canceled (Client.Timeout exceeded while awaiting headers)";
          case SSLException ssl -> "tls: " + Failures.tls(ssl);
          default -> String.valueOf(e.getMessage());
        };
    if (e instanceof ConnectException && endpoint != null && detail.contains("refused")) {
      return new KubectlException(
          "The connection to the server "
              + where
              + " was refused - did you specify the right host or port?",
          1,
          e);
    }
    return new KubectlException("Unable to connect to the server: " + detail, 1, e);
  }

  @Override
  public void close() {
    Wire wire = idle;
    idle = null;
    if (wire != null) {
      wire.close();
    }
  }
}
