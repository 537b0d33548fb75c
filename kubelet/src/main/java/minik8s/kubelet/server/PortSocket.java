package minik8s.kubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Port-forwards over a WebSocket's channels, as libraries other than kubectl ask for them: for the
 * i-th port of the query, channel 2i carries data and 2i+1 an error; the first message on each is
 * the port. Messages arrive on Jetty's threads one at a time; each port has two virtual threads.
 */
public final class PortSocket implements Session.Listener.AutoDemanding {
  private static final Logger LOG = LoggerFactory.getLogger(PortSocket.class);

  /** No piece that is received is empty. */
  private static final byte[] END = new byte[0];

  private static final int WAITING = 64;

  private final PodPorts ports;
  private final List<Integer> numbers;
  private final boolean base64;
  private final List<BlockingQueue<byte[]>> arrived;
  private final ReentrantLock sending = new ReentrantLock();

  PortSocket(PodPorts ports, List<Integer> numbers, boolean base64) {
    this.ports = ports;
    this.numbers = numbers;
    this.base64 = base64;
    this.arrived =
        numbers.stream()
            .<BlockingQueue<byte[]>>map(_ -> new ArrayBlockingQueue<>(WAITING))
            .toList();
  }

  @Override
  public void onWebSocketOpen(Session socket) {
    for (int i = 0; i < numbers.size(); i++) {
      int index = i;
      Thread.ofVirtual().name("port-forward").start(() -> forward(socket, index));
    }
  }

  private void forward(Session socket, int index) {
    int port = numbers.get(index);
    BlockingQueue<byte[]> pieces = arrived.get(index);
    try {
      byte[] number =
          ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) port).array();
      send(socket, 2 * index, number, 2);
      send(socket, 2 * index + 1, number, 2);
      ports.carry(
          port,
          new PodPorts.Client() {
            @Override
            public byte[] read() throws IOException {
              try {
                byte[] piece = pieces.take();
                if (piece.length == 0) {
                  throw new IOException("client left");
                }
                return piece;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
              }
            }

            @Override
            public void write(byte[] bytes, int count) throws IOException {
              send(socket, 2 * index, bytes, count);
            }
          });
    } catch (IOException e) {
      byte[] text = String.valueOf(e.getMessage()).getBytes(UTF_8);
      try {
        send(socket, 2 * index + 1, text, text.length);
      } catch (IOException gone) {
        LOG.debug("client left: {}", gone.getMessage());
      }
    } finally {
      pieces.clear();
      if (numbers.size() == 1) {
        socket.close();
      }
    }
  }

  private void send(Session socket, int channel, byte[] bytes, int count) throws IOException {
    Callback.Completable sent = new Callback.Completable();
    sending.lock();
    try {
      if (base64) {
        byte[] piece = java.util.Arrays.copyOf(bytes, count);
        socket.sendText((char) ('0' + channel) + Base64.getEncoder().encodeToString(piece), sent);
      } else {
        ByteBuffer message = ByteBuffer.allocate(count + 1);
        message.put((byte) channel).put(bytes, 0, count).flip();
        socket.sendBinary(message, sent);
      }
      sent.get();
    } catch (ExecutionException e) {
      throw new IOException("client left", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void onWebSocketBinary(ByteBuffer message, Callback callback) {
    if (message.hasRemaining()) {
      int channel = message.get() & 0xff;
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      arrived(channel, bytes);
    }
    callback.succeed();
  }

  @Override
  public void onWebSocketText(String message) {
    if (!message.isEmpty()) {
      arrived(message.charAt(0) - '0', Base64.getDecoder().decode(message.substring(1)));
    }
  }

  private void arrived(int channel, byte[] bytes) {
    if (channel % 2 != 0 || channel / 2 >= arrived.size() || channel < 0 || bytes.length == 0) {
      return;
    }
    try {
      arrived.get(channel / 2).put(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    leave();
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    leave();
    callback.succeed();
  }

  private void leave() {
    for (BlockingQueue<byte[]> pieces : arrived) {
      pieces.clear();
      var _ = pieces.offer(END);
    }
  }
}
