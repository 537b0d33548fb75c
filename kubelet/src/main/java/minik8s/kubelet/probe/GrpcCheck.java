package minik8s.kubelet.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import minik8s.api.Probe;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code grpc.health.v1.Health/Check} over HTTP/2 without TLS. Confined to one thread.
 *
 * <p>One stream, header fields as plain literals, and of the answer only its message: that is all
 * of HTTP/2 and HPACK that a health call needs. (The JDK's client can't begin with HTTP/2 on a
 * plain connection.)
 */
final class GrpcCheck {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int MAX_FRAME = 1 << 20;
  private static final int SERVING = 1;
  private static final List<String> STATES =
      List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

  private final DataInputStream in;
  private final OutputStream out;

  private GrpcCheck(Socket socket) throws IOException {
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  static Answer ask(Probe.Grpc action, Target target, Duration time, Limit limit) {
    String address = Target.address(target.ip(), action.port());
    String tooLate =
        "timeout: failed to connect service \"%s\" within %ds".formatted(address, time.toSeconds());
    try (Socket socket = new Socket()) {
      limit.on(socket::close);
      try {
        socket.connect(new InetSocketAddress(target.ip(), action.port()));
      } catch (IOException e) {
        String why = TcpCheck.dialing(target.ip(), action.port(), e, limit);
        return Answer.failure(tooLate + ": " + why);
      }
      byte[] message = new GrpcCheck(socket).call(address, action.service());
      return message == null
          ? Answer.failure(
              "server doesn't implement the grpc health protocol (grpc.health.v1.Health)")
          : judge(message);
    } catch (IOException e) {
      return Answer.failure(
          limit.over()
              ? "timeout: health rpc did not complete within " + time.toSeconds() + "s"
              : "error: health rpc failed: " + e.getMessage());
    }
  }

  private static Answer judge(byte[] message) {
    int state = message.length >= 2 && message[0] == 0x08 ? message[1] : 0;
    return state == SERVING
        ? Answer.success()
        : Answer.failure(
            "service unhealthy (responded with \"%s\")"
                .formatted(state < STATES.size() ? STATES.get(state) : state));
  }

  /** The message of the answer; null when the server answered with an error instead. */
  private byte @Nullable [] call(String authority, String service) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(PREFACE);
    all.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
    all.writeBytes(frame(HEADERS, END_HEADERS, 1, headers(authority)));
    all.writeBytes(frame(DATA, END_STREAM, 1, request(service)));
    out.write(all.toByteArray());
    out.flush();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & Integer.MAX_VALUE;
      if (length > MAX_FRAME) {
        throw new IOException("frame of " + length + " bytes");
      }
      byte[] payload = in.readNBytes(length);
      switch (type) {
        case SETTINGS, PING -> acknowledge(type, flags, payload);
        case RESET, GO_AWAY -> throw new IOException("the server closed the stream");
        case DATA -> append(body, flags, payload);
        default -> {}
      }
      if (stream == 1 && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
        return message(body.toByteArray());
      }
    }
  }

  private void acknowledge(int type, int flags, byte[] payload) throws IOException {
    if ((flags & ACK) == 0) {
      out.write(frame(type, ACK, 0, type == PING ? payload : new byte[0]));
      out.flush();
    }
  }

  private static void append(ByteArrayOutputStream body, int flags, byte[] payload)
      throws IOException {
    int from = (flags & PADDED) == 0 ? 0 : 1;
    int padding = from == 0 ? 0 : payload[0] & 0xff;
    if (payload.length < from + padding || body.size() > MAX_FRAME) {
      throw new IOException("malformed answer");
    }
    body.write(payload, from, payload.length - from - padding);
  }

  /** What is after the flag and the length that gRPC puts before a message. */
  private static byte @Nullable [] message(byte[] body) throws IOException {
    if (body.length < 5) {
      return null;
    }
    int length = ByteBuffer.wrap(body, 1, 4).getInt();
    if (body[0] != 0 || length < 0 || length > body.length - 5) {
      throw new IOException("malformed answer");
    }
    byte[] message = new byte[length];
    System.arraycopy(body, 5, message, 0, length);
    return message;
  }

  private static byte[] request(String service) throws IOException {
    byte[] name = service.getBytes(UTF_8);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    if (name.length > 0) {
      message.write(0x0a);
      for (int rest = name.length; ; rest >>>= 7) {
        message.write(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
        if (rest <= 0x7f) {
          break;
        }
      }
      message.write(name);
    }
    ByteBuffer framed = ByteBuffer.allocate(5 + message.size());
    return framed.put((byte) 0).putInt(message.size()).put(message.toByteArray()).array();
  }

  private static byte[] headers(String authority) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", "/grpc.health.v1.Health/Check");
    literal(block, ":authority", authority);
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    literal(block, "user-agent", "kube-probe/1.36");
    return block.toByteArray();
  }

  /** A field that no table remembers; names and values here are shorter than 127 bytes. */
  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(UTF_8));
    block.write(value.length());
    block.writeBytes(value.getBytes(UTF_8));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream);
    return frame.put(payload).array();
  }
}
