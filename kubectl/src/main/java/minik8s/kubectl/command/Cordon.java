package minik8s.kubectl.command;

import java.util.List;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** {@code kubectl cordon} and {@code uncordon}: whether new pods may go to a node. */
final class Cordon implements Verb {
  private final boolean on;

  Cordon(boolean on) {
    this.on = on;
  }

  @Override
  public void flags(Flags flags) {
    flags
        .optional("--dry-run", "none", "unchanged", "\"none\", \"server\", or \"client\".")
        .text("-l --selector", "", "Selector (label query) to filter on.");
  }

  @Override
  public Help help() {
    String word = on ? "cordon" : "uncordon";
    return new Help(
        "Mark node as " + (on ? "unschedulable." : "schedulable."),
        "kubectl " + word + " foo",
        word + " NODE");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> names = arguments.words();
    if (names.isEmpty() && arguments.text("--selector").isEmpty()) {
      throw new KubectlException(
          "error: USAGE: "
              + help().usage()
              + " [flags]\nSee 'kubectl "
              + (on ? "" : "un")
              + "cordon -h' for help and examples");
    }
    List<KubectlException> failures = new java.util.ArrayList<>();
    for (String name : names.isEmpty() ? selected(session, arguments) : names) {
      try {
        one(session, arguments, name.substring(name.indexOf('/') + 1));
      } catch (ServerException e) {
        failures.add(e);
      }
    }
    Targets.settle(failures);
    return 0;
  }

  /** The names of the nodes that the selector means. */
  static List<String> selected(Session session, Arguments arguments) {
    List<String> out = new java.util.ArrayList<>();
    String query =
        "?labelSelector=" + minik8s.kubectl.client.Query.escape(arguments.text("--selector"));
    for (Object node :
        Tree.list(session.server().get(KnownTypes.of("Node").path("") + query), "items")) {
      out.add(Tree.text(node, "metadata", "name"));
    }
    return out;
  }

  private void one(Session session, Arguments arguments, String name) {
    String path = KnownTypes.of("Node").path("", name);
    boolean now = Tree.flag(session.server().get(path), "spec", "unschedulable");
    String word = on ? "cordoned" : "uncordoned";
    if (now == on) {
      session.print("node/" + name + " already " + word);
      return;
    }
    String dryRun = arguments.text("--dry-run");
    if (!dryRun.equals("client")) {
      String query = dryRun.equals("server") ? "?dryRun=All" : "";
      Object value = on ? (Object) true : Json.NULL;
      session
          .server()
          .patch(
              path + query, ApiServer.STRATEGIC, Tree.of("spec", Tree.of("unschedulable", value)));
    }
    session.print(
        "node/"
            + name
            + " "
            + word
            + (dryRun.equals("client")
                ? " (dry run)"
                : dryRun.equals("server") ? " (server dry run)" : ""));
  }
}
