package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.ObjectPrinter;

/** {@code kubectl config view}: the merged kubeconfig, without its secrets. */
final class ConfigView implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("--flatten", "Flatten the resulting kubeconfig file into self-contained output.")
        .bool("--merge", true, "Merge the full hierarchy of kubeconfig files.")
        .bool("--minify", "Remove all information not used by current-context.")
        .bool("--raw", "Display raw byte data and sensitive data.")
        .text("-o --output", "yaml", "Output format.");
  }

  @Override
  public Help help() {
    return new Help(
        "Display merged kubeconfig settings or a specified kubeconfig file.",
        "kubectl config view",
        "config view [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Map<String, Object> all = Tree.copyMap(session.config().document());
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("apiVersion", "v1");
    out.put("kind", "Config");
    out.put(
        "preferences",
        Tree.map(all, "preferences").isEmpty() ? Tree.of() : Tree.map(all, "preferences"));
    String current = arguments.text("--context");
    current = current.isEmpty() ? Tree.text(all, "current-context") : current;
    out.put("current-context", current);
    for (String list : List.of("clusters", "contexts", "users")) {
      out.put(list, new ArrayList<>(Tree.list(all, list)));
    }
    if (arguments.bool("--minify")) {
      minify(out, current);
    }
    if (!arguments.bool("--raw")) {
      conceal(out);
    }
    ObjectPrinter printer = ObjectPrinter.of(arguments.text("--output"), true, true);
    if (printer != null) {
      session.streams().out().append(printer.print(out));
    }
    return 0;
  }

  private static void minify(Map<String, Object> out, String current) {
    String cluster = "";
    String user = "";
    for (Object context : Tree.list(out, "contexts")) {
      if (Tree.text(context, "name").equals(current)) {
        cluster = Tree.text(context, "context", "cluster");
        user = Tree.text(context, "context", "user");
      }
    }
    keep(out, "contexts", current);
    keep(out, "clusters", cluster);
    keep(out, "users", user);
  }

  private static void keep(Map<String, Object> out, String list, String name) {
    List<Object> kept = new ArrayList<>(Tree.list(out, list));
    kept.removeIf(item -> !Tree.text(item, "name").equals(name));
    out.put(list, kept);
  }

  private static void conceal(Map<String, Object> out) {
    for (Object cluster : Tree.list(out, "clusters")) {
      replace(Tree.map(cluster, "cluster"), "certificate-authority-data", "DATA+OMITTED");
    }
    for (Object user : Tree.list(out, "users")) {
      Map<String, Object> body = Tree.map(user, "user");
      replace(body, "client-certificate-data", "DATA+OMITTED");
      replace(body, "client-key-data", "DATA+OMITTED");
      replace(body, "token", "REDACTED");
      replace(body, "password", "REDACTED");
    }
  }

  private static void replace(Map<String, Object> body, String key, String text) {
    if (!Tree.text(body, key).isEmpty()) {
      body.put(key, text);
    }
  }
}
