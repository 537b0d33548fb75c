package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl config current-context} and the lists of contexts, clusters and users. */
final class ConfigRead implements Verb {
  private final String word;

  ConfigRead(String word) {
    this.word = word;
  }

  @Override
  public void flags(Flags flags) {
    flags
        .bool("--no-headers", "Don't print headers.")
        .text("-o --output", "", "Output format. One of: (name).");
  }

  @Override
  public Help help() {
    return new Help(
        word.equals("current-context")
            ? "Display the current-context."
            : "Display " + word.substring(4) + " defined in the kubeconfig.",
        "kubectl config " + word,
        "config " + word + " [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    switch (word) {
      case "current-context" -> {
        String current = session.config().currentContext();
        if (current.isEmpty()) {
          throw KubectlException.error("current-context is not set");
        }
        session.print(current);
      }
      case "get-contexts" -> contexts(session, arguments);
      default -> {
        session.print("NAME");
        for (String name : names(session, word.substring(4))) {
          session.print(name);
        }
      }
    }
    return 0;
  }

  private static List<String> names(Session session, String list) {
    List<String> out = new ArrayList<>();
    for (Object item : Tree.list(session.config().document(), list)) {
      out.add(Tree.text(item, "name"));
    }
    Collections.sort(out);
    return out;
  }

  private static void contexts(Session session, Arguments arguments) {
    String output = arguments.text("--output");
    if (!output.isEmpty() && !output.equals("name")) {
      throw KubectlException.error(
          "--output "
              + output
              + " is not available in kubectl config get-contexts; resetting to"
              + " default output format");
    }
    List<String> wanted =
        arguments.words().isEmpty() ? names(session, "contexts") : arguments.words();
    TabWriter out = new TabWriter();
    if (output.isEmpty() && !arguments.bool("--no-headers")) {
      out.line("CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE");
    }
    List<KubectlException> failures = new ArrayList<>();
    for (String name : wanted) {
      Map<String, Object> context = session.config().entry("contexts", name);
      if (context == null) {
        failures.add(KubectlException.error("context " + name + " not found"));
      } else if (output.equals("name")) {
        session.print(name);
      } else {
        out.line(
            name.equals(session.config().currentContext()) ? "*" : "",
            name,
            Tree.text(context, "cluster"),
            Tree.text(context, "user"),
            Tree.text(context, "namespace"));
      }
    }
    session.streams().out().append(out.flush());
    Targets.settle(failures);
  }
}
