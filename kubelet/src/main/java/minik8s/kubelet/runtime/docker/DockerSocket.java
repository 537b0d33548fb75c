package minik8s.kubelet.runtime.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One HTTP/1.1 exchange with the engine on a connection of its own, which may turn into a raw
 * stream with half-close. One reader and one writer at a time. It exists because docker-java can't
 * pass an end-of-file to a process (its issues 1448 and 1684).
 */
final class DockerSocket implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream raw;
  private int status;
  private boolean chunked;
  private long length = -1;

  private DockerSocket(Path socket) throws IOException {
    this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    this.raw = new Input();
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Sends a request and reads the head of the answer. */
  static DockerSocket open(Path socket, String method, String path, String body, boolean upgrade)
      throws IOException {
    DockerSocket exchange = new DockerSocket(socket);
    try {
      exchange.send(method, path, body.getBytes(UTF_8), upgrade);
      exchange.readHead();
      if (exchange.status >= 400) {
        throw new IOException(new String(exchange.body().readAllBytes(), UTF_8).strip());
      }
      return exchange;
    } catch (IOException e) {
      exchange.close();
      throw e;
    }
  }

  /** A whole exchange; the body of the answer. */
  static byte[] call(Path socket, String method, String path, String body) throws IOException {
    try (DockerSocket exchange = open(socket, method, path, body, false)) {
      return exchange.body().readAllBytes();
    }
  }

  private void send(String method, String path, byte[] body, boolean upgrade) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + (upgrade ? "\r\nConnection: Upgrade\r\nUpgrade: tcp" : "\r\nConnection: close")
            + "\r\n\r\n";
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(ISO_8859_1));
    all.writeBytes(body);
    write(all.toByteArray(), 0, all.size());
  }

  private void readHead() throws IOException {
    String[] first = line().split(" ");
    status = first.length > 1 ? Integer.parseInt(first[1]) : 500;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("transfer-encoding:")) {
        chunked = header.contains("chunked");
      } else if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring(15).strip());
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = raw.read(); b != '\n'; b = raw.read()) {
      if (b < 0) {
        throw new EOFException("the engine closed the connection");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  /** What the engine sends, up to the end of the answer or of the stream. */
  InputStream body() {
    if (chunked) {
      return new Chunks();
    }
    return length >= 0 ? new Limited(length) : raw;
  }

  /** What goes to the engine; closing it shuts that direction down. */
  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        DockerSocket.this.write(bytes, from, count);
      }

      @Override
      public void close() throws IOException {
        if (channel.isOpen()) {
          channel.shutdownOutput();
        }
      }
    };
  }

  private void write(byte[] bytes, int from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing left to release
    }
  }

  /** Reads the channel through a buffer. */
  private final class Input extends InputStream {
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).limit(0);

    @Override
    public int read() throws IOException {
      return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int got = Math.min(count, buffer.remaining());
      buffer.get(bytes, from, got);
      return got;
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      buffer.clear();
      int got = channel.read(buffer);
      buffer.flip();
      return got > 0;
    }
  }

  /** At most so many bytes. */
  private final class Limited extends InputStream {
    private long left;

    Limited(long left) {
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      return left-- > 0 ? raw.read() : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int got = left <= 0 ? -1 : raw.read(bytes, from, (int) Math.min(count, left));
      left -= Math.max(0, got);
      return got;
    }
  }

  /** The chunked transfer coding. */
  private final class Chunks extends InputStream {
    private long left;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (left == 0 && !ended) {
        left = Long.parseLong(line().split(";")[0].strip(), 16);
        ended = left == 0;
      }
      if (ended) {
        return -1;
      }
      int got = raw.read(bytes, from, (int) Math.min(count, left));
      if (got < 0) {
        throw new EOFException("the engine closed the connection");
      }
      left -= got;
      if (left == 0 && !line().isEmpty()) {
        throw new IOException("malformed chunk");
      }
      return got;
    }
  }
}
