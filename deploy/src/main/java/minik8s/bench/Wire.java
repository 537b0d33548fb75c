package minik8s.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One kept HTTP/1.1 connection, as lean as it goes, so that a load generator on the same two cores
 * takes little from what it measures. Confined to one thread.
 */
final class Wire implements Closeable {
  /** An answer read whole. */
  static final class Answer {
    private final int code;
    private final byte[] body;

    Answer(int code, byte[] body) {
      this.code = code;
      this.body = body;
    }

    int code() {
      return code;
    }

    byte[] body() {
      return body;
    }

    String text() {
      return new String(body, UTF_8);
    }

    /** This answer if it is a success. */
    Answer ok(String what) throws IOException {
      if (code >= 300) {
        throw new IOException(what + " was answered with " + code + ": " + text());
      }
      return this;
    }
  }

  private final Closeable socket;
  private final InputStream in;
  private final OutputStream out;
  private final String host;

  private Wire(Closeable socket, InputStream in, OutputStream out, String host, int buffer) {
    this.socket = socket;
    this.in = new BufferedInputStream(in, buffer);
    this.out = new BufferedOutputStream(out, buffer);
    this.host = host;
  }

  /** Connects over TLS. */
  static Wire tls(URI server, SSLContext context) throws IOException {
    return tls(server, context, 8192);
  }

  /** Connects over TLS with buffers of this many bytes. */
  static Wire tls(URI server, SSLContext context, int buffer) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.startHandshake();
    return new Wire(
        socket, socket.getInputStream(), socket.getOutputStream(), server.getAuthority(), buffer);
  }

  /** Connects to the Docker Engine's socket. */
  static Wire docker() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of("/var/run/docker.sock"));
    return new Wire(
        channel,
        Channels.newInputStream(channel),
        Channels.newOutputStream(channel),
        "docker",
        8192);
  }

  /** Sends a request and reads the whole answer. */
  Answer call(String method, String path, byte @Nullable [] body) throws IOException {
    return call(method, path, "application/json", body);
  }

  Answer call(String method, String path, String contentType, byte @Nullable [] body)
      throws IOException {
    send(method, path, contentType, body);
    Head head = head();
    byte[] read;
    if (head.code() == 204 || head.code() == 304) {
      read = new byte[0];
    } else if (head.chunked()) {
      read = new Chunks(in).readAllBytes();
    } else {
      read = in.readNBytes(head.length());
    }
    return new Answer(head.code(), read);
  }

  /** Sends a GET whose answer goes on and on, and returns its body as it comes. */
  InputStream stream(String path) throws IOException {
    send("GET", path, "application/json", null);
    Head head = head();
    if (head.code() != 200) {
      throw new IOException(path + " was answered with " + head.code());
    }
    return head.chunked() ? new Chunks(in) : in;
  }

  private void send(String method, String path, String contentType, byte @Nullable [] body)
      throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    head.append("\r\nAccept: application/json\r\nUser-Agent: minik8s-bench\r\n");
    if (body != null) {
      head.append("Content-Type: ").append(contentType).append("\r\n");
    }
    head.append("Content-Length: ").append(body == null ? 0 : body.length).append("\r\n\r\n");
    out.write(head.toString().getBytes(ISO_8859_1));
    if (body != null) {
      out.write(body);
    }
    out.flush();
  }

  private record Head(int code, int length, boolean chunked) {}

  private Head head() throws IOException {
    String status = line(in);
    int code = Integer.parseInt(status.substring(9, 12));
    int length = 0;
    boolean chunked = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).trim());
      } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
        chunked = true;
      }
    }
    return new Head(code, length, chunked);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A chunked body. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean begun;
    private boolean ended;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (ended || (left == 0 && !next())) {
        return -1;
      }
      int count = in.read(buffer, offset, Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the connection ended inside a chunk");
      }
      left -= count;
      return count;
    }

    /** A server may end a chunk's line only when it begins the next: nobody waits for it before. */
    private boolean next() throws IOException {
      if (begun) {
        line(in);
      }
      begun = true;
      String size = line(in);
      int semicolon = size.indexOf(';');
      left = Integer.parseInt(semicolon < 0 ? size : size.substring(0, semicolon), 16);
      if (left == 0) {
        line(in);
        ended = true;
      }
      return !ended;
    }
  }
}
