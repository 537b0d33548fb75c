package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl attach}: join the streams of a container that runs. */
final class Attach implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("-i --stdin", "Pass stdin to the container.")
        .bool("-t --tty", "Stdin is a TTY.")
        .bool("-q --quiet", "Only print output from the remote session.")
        .text("-c --container", "", "Container name.")
        .text("--pod-running-timeout", "1m0s", "Accepted and ignored.");
  }

  @Override
  public Help help() {
    return new Help(
        "Attach to a process that is already running inside an existing container.",
        "# Get output from running pod mypod\nkubectl attach mypod",
        "attach (POD | TYPE/NAME) -c CONTAINER");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = arguments.words();
    if (words.isEmpty()) {
      throw KubectlException.error("at least 1 argument is required for attach");
    }
    Pods pods = new Pods(session);
    Map<String, Object> pod = pods.of(words.get(words.size() - 1)).get(0);
    String phase = Tree.text(pod, "status", "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      throw KubectlException.error(
          "cannot attach a container in a completed pod; current phase is " + phase);
    }
    String container = pods.container(pod, arguments.text("--container"));
    boolean tty = arguments.bool("--tty");
    if (tty && !Tree.flag(spec(pod, container), "tty")) {
      session.complain("Unable to use a TTY - container " + container + " did not allocate one");
      tty = false;
    }
    Item item =
        new Item(Pods.type(), session.namespace(), Tree.text(pod, "metadata", "name"), pod, "");
    boolean stdin = arguments.bool("--stdin");
    if (stdin && !arguments.bool("--quiet")) {
      session.complain("If you don't see a command prompt, try pressing enter.");
    }
    return Attachment.of(session, item, container, stdin, tty);
  }

  private static Map<String, Object> spec(Map<String, Object> pod, String name) {
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      for (Object container : Tree.list(pod, "spec", list)) {
        if (Tree.text(container, "name").equals(name)) {
          return Tree.asMap(container);
        }
      }
    }
    return Map.of();
  }
}
