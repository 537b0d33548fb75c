package minik8s.kubectl.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.WebSocket;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/**
 * The streams of a remote command over {@code v5.channel.k8s.io}: the first byte of a message names
 * its channel. Standard input is read by a daemon thread of its own.
 */
final class RemoteStreams {
  private static final byte STDIN = 0;
  private static final byte STDOUT = 1;
  private static final byte STDERR = 2;
  private static final byte ERROR = 3;
  private static final byte RESIZE = 4;
  private static final byte CLOSE = (byte) 255;

  private final WebSocket socket;
  private final RawTerminal terminal;
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;

  /** The user's own streams. */
  RemoteStreams(Session session, WebSocket socket, RawTerminal terminal) {
    this(
        socket, terminal, session.streams().in(), session.streams().out(), session.streams().err());
  }

  /** Any streams. */
  RemoteStreams(
      WebSocket socket, RawTerminal terminal, InputStream in, OutputStream out, OutputStream err) {
    this.socket = socket;
    this.terminal = terminal;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Copies until the command ends; returns its exit code. */
  int run(boolean stdin) {
    if (stdin) {
      Thread.ofPlatform().daemon().name("stdin").start(this::feed);
    }
    if (terminal.present()) {
      resize(terminal.size());
      terminal.onResize(this::resize);
    }
    try {
      for (byte[] message = socket.receive(); message != null; message = socket.receive()) {
        if (message.length == 0) {
          continue;
        }
        if (message[0] == ERROR) {
          return settle(message);
        }
        show(message);
      }
      return 0;
    } catch (IOException e) {
      throw KubectlException.error("error reading from error stream: " + e.getMessage());
    }
  }

  private void show(byte[] message) throws IOException {
    OutputStream to = message[0] == STDOUT ? out : message[0] == STDERR ? err : null;
    if (to != null) {
      to.write(message, 1, message.length - 1);
      to.flush();
    }
  }

  private void resize(String size) {
    if (!size.isEmpty()) {
      send(RESIZE, size.getBytes(StandardCharsets.UTF_8), size.length());
    }
  }

  private void feed() {
    byte[] buffer = new byte[16_384];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!send(STDIN, buffer, n)) {
          return;
        }
      }
      send(CLOSE, new byte[] {STDIN}, 1);
    } catch (IOException e) {
      send(CLOSE, new byte[] {STDIN}, 1);
    }
  }

  private boolean send(byte channel, byte[] data, int length) {
    byte[] message = new byte[length + 1];
    message[0] = channel;
    System.arraycopy(data, 0, message, 1, length);
    try {
      socket.send(message);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The last message says how the command ended. */
  private int settle(byte[] message) {
    String text = new String(message, 1, message.length - 1, StandardCharsets.UTF_8);
    Map<String, Object> status = Tree.asMap(Json.parse(text));
    if (Tree.text(status, "status").equals("Success")) {
      return 0;
    }
    if (Tree.text(status, "reason").equals("NonZeroExitCode")) {
      for (Object cause : Tree.list(status, "details", "causes")) {
        if (Tree.text(cause, "reason").equals("ExitCode")) {
          String code = Tree.text(cause, "message");
          throw new KubectlException(
              "command terminated with exit code " + code, Integer.parseInt(code));
        }
      }
    }
    String why = Tree.text(status, "message");
    throw KubectlException.error(why.isEmpty() ? text : why);
  }
}
