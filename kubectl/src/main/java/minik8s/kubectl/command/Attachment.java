package minik8s.kubectl.command;

import java.util.List;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.client.WebSocket;

/** Joins a container's own streams; a container that has ended already shows its log. Stateless. */
final class Attachment {
  private Attachment() {}

  /** Attaches until the container ends; returns its exit code. */
  static int of(Session session, Item pod, String container, boolean stdin, boolean tty) {
    try (RawTerminal terminal = RawTerminal.open(tty && stdin)) {
      Query query =
          new Query()
              .with("container", container)
              .with("stderr", tty ? "" : "true")
              .with("stdin", stdin ? "true" : "")
              .with("stdout", "true")
              .with("tty", tty ? "true" : "");
      try (WebSocket socket =
          WebSocket.open(
              session.server(), pod.path() + "/attach" + query, List.of("v5.channel.k8s.io"))) {
        return new RemoteStreams(session, socket, terminal).run(stdin);
      } catch (ServerException e) {
        log(session, pod, container);
        return 0;
      }
    }
  }

  private static void log(Session session, Item pod, String container) {
    String path = pod.path() + "/log" + new Query().with("container", container);
    try (var response = session.server().open("GET", path, "*/*", null, null)) {
      session.streams().out().writeBytes(response.bytes());
    }
  }
}
