package minik8s.kubelet.spdy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpdyConnectionTest {
  private final List<ByteBuffer> sent = new ArrayList<>();
  private final List<SpdyStream> opened = new ArrayList<>();
  private final SpdyHeaders client = new SpdyHeaders();
  private boolean hungUp;
  private final SpdyConnection server =
      new SpdyConnection(
          new SpdyConnection.Wire() {
            @Override
            public void send(ByteBuffer frame) {
              sent.add(ByteBuffer.allocate(frame.remaining()).put(frame).flip());
            }

            @Override
            public void close() {
              hungUp = true;
            }
          },
          opened::add);

  private byte[] open(int id, Map<String, String> headers) {
    byte[] block = client.write(headers);
    return ByteBuffer.allocate(18 + block.length)
        .putInt(0x80030001)
        .putInt(10 + block.length)
        .putInt(id)
        .putInt(0)
        .putShort((short) 0)
        .put(block)
        .array();
  }

  private static byte[] data(int id, String text, boolean last) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + bytes.length)
        .putInt(id)
        .putInt((last ? 1 : 0) << 24 | bytes.length)
        .put(bytes)
        .array();
  }

  private static String text(byte[] piece) {
    return new String(piece, UTF_8);
  }

  @Test
  void carriesStreamsHoweverTheBytesAreCut() throws IOException {
    byte[] first = open(1, Map.of("streamtype", "data", "port", "80", "requestid", "0"));
    byte[] second = open(3, Map.of("streamtype", "error", "port", "80", "requestid", "0"));
    byte[] third = data(1, "hello", true);
    ByteBuffer all = ByteBuffer.allocate(first.length + second.length + third.length);
    all.put(first).put(second).put(third).flip();
    while (all.hasRemaining()) {
      server.received(ByteBuffer.wrap(new byte[] {all.get()}));
    }
    assertThat(opened).hasSize(2);
    assertThat(opened.get(0).header("streamtype")).isEqualTo("data");
    assertThat(opened.get(1).header("requestid")).isEqualTo("0");
    byte[] piece = opened.get(0).read();
    assertThat(piece).isNotNull();
    assertThat(text(piece)).isEqualTo("hello");
    assertThat(opened.get(0).read()).isNull();
  }

  @Test
  void answersEachOpeningAndPing() throws IOException {
    server.received(ByteBuffer.wrap(open(1, Map.of("streamtype", "stdin"))));
    server.received(ByteBuffer.wrap(open(3, Map.of("streamtype", "stdout"))));
    byte[] ping = ByteBuffer.allocate(12).putInt(0x80030006).putInt(4).putInt(77).array();
    server.received(ByteBuffer.wrap(ping));
    assertThat(sent).hasSize(3);
    assertThat(sent.get(0).getInt()).isEqualTo(0x80030002);
    assertThat(sent.get(0).getInt(8)).isEqualTo(1);
    byte[] block = new byte[sent.get(1).limit() - 12];
    sent.get(1).position(12).get(block);
    // The replies share one compressor, so the second can be read only after the first.
    byte[] before = new byte[sent.get(0).limit() - 12];
    sent.get(0).position(12).get(before);
    SpdyHeaders reader = new SpdyHeaders();
    assertThat(reader.read(before)).isEmpty();
    assertThat(reader.read(block)).isEmpty();
    assertThat(sent.get(2).array()).isEqualTo(ping);
  }

  @Test
  void cutsLongPiecesAndEndsOnce() throws IOException {
    server.received(ByteBuffer.wrap(open(1, Map.of())));
    sent.clear();
    opened.getFirst().write(new byte[40_000]);
    opened.getFirst().finish();
    opened.getFirst().finish();
    assertThat(sent).hasSize(4);
    assertThat(sent.stream().mapToInt(frame -> frame.limit() - 8).sum()).isEqualTo(40_000);
    assertThat(sent.getLast().get(4)).isEqualTo((byte) 1);
  }

  @Test
  void tellsReadersThatTheClientLeft() throws IOException {
    server.received(ByteBuffer.wrap(open(1, Map.of())));
    server.close();
    assertThat(hungUp).isTrue();
    assertThatThrownBy(() -> opened.getFirst().read()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> opened.getFirst().write(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhatIsNoSpdy() {
    byte[] http =
        "\u0080GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> server.received(ByteBuffer.wrap(http)))
        .isInstanceOf(IOException.class);
    byte[] broken =
        ByteBuffer.allocate(22).putInt(0x80030001).putInt(14).putInt(1).putInt(0).array();
    assertThatThrownBy(() -> server.received(ByteBuffer.wrap(broken)))
        .isInstanceOf(IOException.class);
  }
}
