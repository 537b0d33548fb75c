package minik8s.kubectl.command;

import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlWriter;

/** {@code kubectl version}: this client and the server. */
final class Version implements Verb {
  /** The Kubernetes version whose behaviour this client follows. */
  static final String CLIENT = "v1.33.1-minik8s";

  @Override
  public void flags(Flags flags) {
    flags
        .bool("--client", "If true, shows client version only (no server required).")
        .text("-o --output", "", "One of 'yaml' or 'json'.");
  }

  @Override
  public Help help() {
    return new Help(
        "Print the client and server version information for the current context.",
        "kubectl version --client",
        "version");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String output = arguments.text("--output");
    if (!output.isEmpty() && !output.equals("json") && !output.equals("yaml")) {
      throw KubectlException.error("--output must be 'yaml' or 'json'");
    }
    Map<String, Object> all = Tree.of("clientVersion", client(), "kustomizeVersion", "v5.6.0");
    KubectlException failure = null;
    if (!arguments.bool("--client")) {
      try {
        all.put("serverVersion", session.server().get("/version"));
      } catch (KubectlException e) {
        failure = e;
      }
    }
    switch (output) {
      case "json" -> session.print(indented(all));
      case "yaml" -> session.streams().out().append(YamlWriter.write(all));
      default -> {
        session.print("Client Version: " + CLIENT);
        session.print("Kustomize Version: v5.6.0");
        if (all.containsKey("serverVersion")) {
          session.print("Server Version: " + Tree.text(all, "serverVersion", "gitVersion"));
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return 0;
  }

  private static String indented(Map<String, Object> all) {
    StringBuilder out = new StringBuilder();
    for (String line : Json.pretty(all).split("\n", -1)) {
      int spaces = line.length() - line.stripLeading().length();
      out.append(out.isEmpty() ? "" : "\n").repeat(' ', spaces / 2).append(line.strip());
    }
    return out.toString();
  }

  private static Map<String, Object> client() {
    String runtime = System.getProperty("java.version", "");
    return Tree.of(
        "major",
        "1",
        "minor",
        "33",
        "gitVersion",
        CLIENT,
        "compiler",
        "javac",
        "goVersion",
        "java" + runtime,
        "platform",
        System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT)
            + "/"
            + System.getProperty("os.arch", ""));
  }
}
