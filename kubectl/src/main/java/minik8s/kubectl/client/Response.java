package minik8s.kubectl.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * An HTTP answer whose body is still being read. Confined to one thread; closing it early drops the
 * connection, and may be done from another thread to stop a watch.
 */
public final class Response implements AutoCloseable {
  private final int status;
  private final List<String> headers;
  private final InputStream body;
  private final Wire wire;

  Response(int status, List<String> headers, InputStream body, Wire wire) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.wire = wire;
  }

  /** The HTTP code. */
  public int status() {
    return status;
  }

  /** All headers, alternating lower-case names and values. */
  public List<String> headers() {
    return headers;
  }

  /** The first header of this lower-case name; empty when absent. */
  public String header(String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equals(name)) {
        return headers.get(i + 1);
      }
    }
    return "";
  }

  /** The body without its transfer encoding. */
  public InputStream body() {
    return body;
  }

  /** Reads the rest of the body. */
  public byte[] bytes() {
    try {
      return body.readAllBytes();
    } catch (IOException e) {
      throw Transport.failure(e, null);
    }
  }

  /** Ends reads that take longer than this, in milliseconds; 0 for never. */
  public void patience(int millis) {
    try {
      wire.socket.setSoTimeout(millis);
    } catch (IOException e) {
      throw Transport.failure(e, null);
    }
  }

  Wire wire() {
    return wire;
  }

  @Override
  public void close() {
    if (body instanceof BodyStream stream && stream.finished()) {
      return;
    }
    wire.close();
  }
}
