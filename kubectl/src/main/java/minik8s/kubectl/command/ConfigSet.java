package minik8s.kubectl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl config set-context}, {@code set-cluster} and {@code set-credentials}. */
final class ConfigSet implements Verb {
  private final String word;

  ConfigSet(String word) {
    this.word = word;
  }

  private String list() {
    return switch (word) {
      case "set-context" -> "contexts";
      case "set-cluster" -> "clusters";
      default -> "users";
    };
  }

  @Override
  public void flags(Flags flags) {
    switch (word) {
      case "set-context" -> flags.bool("--current", "Modify the current context.");
      case "set-cluster" ->
          flags
              .bool("--embed-certs", "Embed certificate data in the kubeconfig.")
              .text("--proxy-url", "", "Accepted and stored.");
      default -> flags.bool("--embed-certs", "Embed certificate data in the kubeconfig.");
    }
  }

  @Override
  public Help help() {
    return new Help(
        "Set an entry in the kubeconfig: " + word.substring(4) + ".",
        "kubectl config " + word + " NAME",
        "config " + word + " NAME [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = name(session, arguments);
    ConfigFile file = ConfigFile.holding(session, list(), name);
    boolean existed = file.entry(list(), name) != null;
    Map<String, Object> body = file.body(list(), name);
    switch (word) {
      case "set-context" -> {
        put(body, "cluster", arguments.text("--cluster"));
        put(body, "user", arguments.text("--user"));
        put(body, "namespace", arguments.text("--namespace"));
      }
      case "set-cluster" -> cluster(body, arguments);
      default -> credentials(body, arguments);
    }
    file.write();
    session.print(
        switch (word) {
          case "set-context" ->
              "Context \"" + name + "\" " + (existed ? "modified" : "created") + ".";
          case "set-cluster" -> "Cluster \"" + name + "\" set.";
          default -> "User \"" + name + "\" set.";
        });
    return 0;
  }

  private String name(Session session, Arguments arguments) {
    List<String> words = arguments.words();
    if (word.equals("set-context") && arguments.bool("--current")) {
      String current = session.config().currentContext();
      if (current.isEmpty()) {
        throw KubectlException.error("no current context is set");
      }
      return current;
    }
    if (words.size() != 1) {
      throw new KubectlException(
          "error: unexpected args: ["
              + String.join(" ", words)
              + "]\nSee 'kubectl config "
              + word
              + " -h' for help and examples");
    }
    return words.get(0);
  }

  private static void put(Map<String, Object> body, String key, String value) {
    if (!value.isEmpty()) {
      body.put(key, value);
    }
  }

  private static void cluster(Map<String, Object> body, Arguments arguments) {
    put(body, "server", arguments.text("--server"));
    put(body, "tls-server-name", arguments.text("--tls-server-name"));
    put(body, "proxy-url", arguments.text("--proxy-url"));
    if (arguments.given("--insecure-skip-tls-verify")) {
      body.put("insecure-skip-tls-verify", arguments.bool("--insecure-skip-tls-verify"));
    }
    file(body, "certificate-authority", arguments);
  }

  private static void credentials(Map<String, Object> body, Arguments arguments) {
    put(body, "token", arguments.text("--token"));
    put(body, "username", arguments.text("--username"));
    put(body, "password", arguments.text("--password"));
    file(body, "client-certificate", arguments);
    file(body, "client-key", arguments);
  }

  private static void file(Map<String, Object> body, String key, Arguments arguments) {
    String path = arguments.text("--" + key);
    if (path.isEmpty()) {
      return;
    }
    Path absolute = Path.of(path).toAbsolutePath().normalize();
    if (!arguments.bool("--embed-certs")) {
      Tree.remove(body, key + "-data");
      body.put(key, absolute.toString());
      return;
    }
    try {
      Tree.remove(body, key);
      body.put(key + "-data", Base64.getEncoder().encodeToString(Files.readAllBytes(absolute)));
    } catch (IOException e) {
      throw KubectlException.error(
          "could not read "
              + key
              + " data from "
              + path
              + ": open "
              + path
              + ": no such file or directory");
    }
  }
}
