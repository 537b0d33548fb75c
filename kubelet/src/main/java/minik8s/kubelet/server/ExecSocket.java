package minik8s.kubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One exec or attach: a WebSocket on one side, a process on the other. Input arrives on Jetty's
 * threads one message at a time; output is pumped by a virtual thread.
 */
public final class ExecSocket implements Session.Listener.AutoDemanding {
  private static final Logger LOG = LoggerFactory.getLogger(ExecSocket.class);
  private static final int NORMAL = 1000;

  /** Opens the process's streams. */
  @FunctionalInterface
  interface Opener {
    ContainerStreams.Session open() throws IOException;
  }

  private final Channels channels;
  private final Opener opener;
  private final boolean stdout;
  private final boolean stderr;
  private final CompletableFuture<ContainerStreams.Session> process = new CompletableFuture<>();
  private volatile boolean closed;

  ExecSocket(Channels channels, Opener opener, boolean stdout, boolean stderr) {
    this.channels = channels;
    this.opener = opener;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  @Override
  public void onWebSocketOpen(Session socket) {
    Thread.ofVirtual().name("exec").start(() -> pump(socket));
  }

  private void pump(Session socket) {
    try (ContainerStreams.Session open = opener.open()) {
      process.complete(open);
      for (Frame frame = open.next(); frame != null && !closed; frame = open.next()) {
        if (frame.stderr() ? stderr : stdout) {
          send(socket, frame.stderr() ? Channels.STDERR : Channels.STDOUT, frame.bytes());
        }
      }
      if (!closed) {
        finish(socket, status(open.exitCode()));
      }
    } catch (IOException e) {
      process.completeExceptionally(e);
      if (!closed) {
        finish(socket, failure(String.valueOf(e.getMessage())));
      }
    }
  }

  private void finish(Session socket, ObjectNode status) {
    try {
      send(socket, Channels.STATUS, status.toString().getBytes(UTF_8));
      Callback.Completable done = new Callback.Completable();
      socket.close(NORMAL, "", done);
    } catch (IOException e) {
      LOG.debug("client left before the end: {}", e.getMessage());
    }
  }

  static ObjectNode status(int exitCode) {
    if (exitCode == 0) {
      ObjectNode status = Json.object();
      status.putObject("metadata");
      return status.put("status", "Success");
    }
    ObjectNode status =
        failure(
            "NonZeroExitCode",
            "command terminated with non-zero exit code: command terminated with exit code "
                + exitCode);
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(exitCode));
    return status;
  }

  /** The last word when the command could not be run. */
  static ObjectNode failure(String message) {
    return failure("InternalError", message);
  }

  private static ObjectNode failure(String reason, String message) {
    ObjectNode status = Json.object();
    status.putObject("metadata");
    return status.put("status", "Failure").put("reason", reason).put("message", message);
  }

  private void send(Session socket, int channel, byte[] bytes) throws IOException {
    Callback.Completable sent = new Callback.Completable();
    if (channels.base64()) {
      socket.sendText(Channels.text(channel, bytes), sent);
    } else {
      ByteBuffer message = ByteBuffer.allocate(bytes.length + 1);
      message.put((byte) channel).put(bytes).flip();
      socket.sendBinary(message, sent);
    }
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IOException("client left", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void onWebSocketBinary(ByteBuffer message, Callback callback) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    callback.succeed();
    if (bytes.length > 0) {
      receive(bytes[0] & 0xff, Arrays.copyOfRange(bytes, 1, bytes.length));
    }
  }

  @Override
  public void onWebSocketText(String message) {
    if (!message.isEmpty()) {
      receive(message.charAt(0) - '0', Base64.getDecoder().decode(message.substring(1)));
    }
  }

  private void receive(int channel, byte[] bytes) {
    ContainerStreams.Session open = open();
    if (open == null) {
      return;
    }
    try {
      switch (channel) {
        case Channels.STDIN -> write(open, bytes);
        case Channels.RESIZE -> resize(open, bytes);
        case Channels.CLOSE -> {
          if (bytes.length == 1 && bytes[0] == Channels.STDIN) {
            open.stdin().close();
          }
        }
        default -> LOG.debug("message on channel {} ignored", channel);
      }
    } catch (IOException e) {
      LOG.debug("input not delivered: {}", e.getMessage());
    }
  }

  private ContainerStreams.@Nullable Session open() {
    try {
      return process.get();
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static void write(ContainerStreams.Session open, byte[] bytes) throws IOException {
    OutputStream stdin = open.stdin();
    stdin.write(bytes);
    stdin.flush();
  }

  private static void resize(ContainerStreams.Session open, byte[] bytes) {
    try {
      JsonNode size = Json.parse(bytes);
      open.resize(size.path("Width").asInt(0), size.path("Height").asInt(0));
    } catch (JacksonException e) {
      LOG.debug("malformed terminal size ignored");
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
    closed = true;
    if (process.isDone() && !process.isCompletedExceptionally()) {
      process.join().close();
    }
  }
}
