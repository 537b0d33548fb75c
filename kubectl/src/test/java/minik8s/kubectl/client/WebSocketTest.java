package minik8s.kubectl.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  private WebSocket reading(byte[]... frames) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.write(frame);
    }
    return new WebSocket(new ByteArrayInputStream(all.toByteArray()), sent, () -> {});
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The example of RFC 6455, section 5.7, as a binary frame. */
  @Test
  void masksAsTheStandardSays() {
    assertThat(WebSocket.encode(2, bytes("Hello"), 0x37fa213d))
        .containsExactly(0x82, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 200_000})
  void carriesMessagesOfEverySize(int size) throws IOException {
    byte[] payload = new byte[size];
    Arrays.fill(payload, (byte) 'x');
    WebSocket socket = reading(WebSocket.encode(2, payload, 0x01020304));
    assertThat(socket.receive()).isEqualTo(payload);
    assertThat(socket.receive()).isNull();
  }

  @Test
  void joinsFragmentsAndAnswersPingsBetweenThem() throws IOException {
    byte[] first = WebSocket.encode(2, bytes("he"), 0);
    first[0] = 0x02;
    byte[] last = WebSocket.encode(0, bytes("llo"), 0);
    WebSocket socket = reading(first, WebSocket.encode(9, bytes("p"), 0), last);
    assertThat(socket.receive()).isEqualTo(bytes("hello"));
    assertThat(sent.toByteArray()[0]).isEqualTo((byte) 0x8a);
  }

  @Test
  void endsAtACloseAndSaysSo() throws IOException {
    WebSocket socket = reading(WebSocket.encode(8, new byte[] {3, (byte) 0xe8}, 0));
    assertThat(socket.receive()).isNull();
    assertThat(sent.toByteArray()[0]).isEqualTo((byte) 0x88);
  }

  @Test
  void doesNotTakeHalfAFrameForAMessage() throws IOException {
    byte[] frame = WebSocket.encode(2, bytes("hello"), 0);
    WebSocket socket = reading(Arrays.copyOf(frame, frame.length - 2));
    assertThatThrownBy(socket::receive).isInstanceOf(EOFException.class);
  }
}
