package minik8s.kubectl.command;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.WebSocket;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** {@code kubectl exec}: run a command in a container. */
final class Exec implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("-i --stdin", "Pass stdin to the container.")
        .bool("-t --tty", "Stdin is a TTY.")
        .bool("-q --quiet", "Only print output from the remote session.")
        .text("-c --container", "", "Container name.")
        .list("-f --filename", "to use to exec into the resource")
        .text("--pod-running-timeout", "1m0s", "Accepted and ignored.");
  }

  @Override
  public Help help() {
    return new Help(
        "Execute a command in a container.",
        "# Get output from running the 'date' command from pod mypod\nkubectl exec mypod -- date",
        "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> command = arguments.command();
    List<String> words = arguments.words();
    if (words.isEmpty()) {
      throw KubectlException.error("pod, type/name or --filename must be specified");
    }
    if (words.size() > 1 || !arguments.dashed()) {
      throw KubectlException.error(
          words.size() > 1
              ? "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\n"
                  + "See 'kubectl exec -h' for help and examples"
              : "you must specify at least one command for the container");
    }
    if (command.isEmpty()) {
      throw KubectlException.error("you must specify at least one command for the container");
    }
    Pods pods = new Pods(session);
    Map<String, Object> pod = pods.of(words.get(0)).get(0);
    String phase = Tree.text(pod, "status", "phase");
    String name = Tree.text(pod, "metadata", "name");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      throw KubectlException.error(
          "cannot exec into a container in a completed pod; current phase is " + phase);
    }
    String container = pods.container(pod, arguments.text("--container"));
    boolean stdin = arguments.bool("--stdin");
    boolean tty = arguments.bool("--tty");
    try (RawTerminal terminal = RawTerminal.open(tty && stdin)) {
      if (tty && stdin && !terminal.present()) {
        session.complain("Unable to use a TTY - input is not a terminal or the right kind of file");
        tty = false;
      }
      String path =
          Pods.type().path(session.namespace(), name)
              + "/exec"
              + query(command, container, stdin, tty);
      try (WebSocket socket =
          WebSocket.open(session.server(), path, List.of("v5.channel.k8s.io"))) {
        return new RemoteStreams(session, socket, terminal).run(stdin);
      }
    }
  }

  /**
   * Runs a command in a container with any streams; a null input gives it none. Returns its exit
   * code; another end is thrown.
   *
   * @param pod its URL path
   */
  static int run(
      Session session,
      String pod,
      String container,
      List<String> command,
      @Nullable InputStream in,
      OutputStream out,
      OutputStream err) {
    String path = pod + "/exec" + query(command, container, in != null, false);
    try (RawTerminal none = RawTerminal.open(false);
        WebSocket socket = WebSocket.open(session.server(), path, List.of("v5.channel.k8s.io"))) {
      InputStream given = in == null ? InputStream.nullInputStream() : in;
      return new RemoteStreams(socket, none, given, out, err).run(in != null);
    }
  }

  private static String query(List<String> command, String container, boolean stdin, boolean tty) {
    Query query = new Query();
    for (String word : command) {
      query.with("command", word);
    }
    return query
        .with("container", container)
        .with("stderr", tty ? "" : "true")
        .with("stdin", stdin ? "true" : "")
        .with("stdout", "true")
        .with("tty", tty ? "true" : "")
        .toString();
  }
}
