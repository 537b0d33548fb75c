package minik8s.kubectl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlReader;
import minik8s.kubectl.manifest.Manifest;

/** {@code kubectl patch}: send a patch as it stands. */
final class Patch implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-patch")
        .text("-p --patch", "", "The patch to be applied to the resource JSON file.")
        .text("--patch-file", "", "A file containing a patch to be applied to the resource.")
        .text(
            "--type",
            "strategic",
            "The type of patch being provided; one of [json merge strategic]")
        .text("--subresource", "", "Patch this subresource instead of the object.")
        .bool("--local", "Accepted for files only.");
  }

  @Override
  public Help help() {
    return new Help(
        "Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON"
            + " patch.",
        "kubectl patch node k8s-node-1 -p '{\"spec\":{\"unschedulable\":true}}'",
        "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String type = type(arguments);
    Object patch = read(arguments);
    Targets targets = new Targets(session, arguments);
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error(
          "one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    Changes changes = new Changes(session, arguments);
    String sub = arguments.text("--subresource");
    for (Item item : targets.items(arguments.words())) {
      try {
        if (changes.local()) {
          changes.report(item, "patched");
          continue;
        }
        String path = item.path() + (sub.isEmpty() ? "" : "/" + sub) + changes.query();
        Map<String, Object> after = session.server().patch(path, type, patch);
        boolean other = sub.equals("scale") && !Tree.text(after, "kind").isEmpty();
        changes.report(
            other ? Targets.offline(new Manifest(after, "")) : item.with(after),
            same(item.object(), after) ? "patched (no change)" : "patched");
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    return 0;
  }

  private static boolean same(Map<String, Object> before, Map<String, Object> after) {
    String version = Tree.text(before, "metadata", "resourceVersion");
    return !version.isEmpty() && version.equals(Tree.text(after, "metadata", "resourceVersion"));
  }

  private static String type(Arguments arguments) {
    return switch (arguments.text("--type")) {
      case "strategic" -> ApiServer.STRATEGIC;
      case "merge" -> ApiServer.MERGE;
      case "json" -> ApiServer.JSON_PATCH;
      default ->
          throw KubectlException.error(
              "--type must be one of [json merge strategic], not \""
                  + arguments.text("--type")
                  + "\"");
    };
  }

  private static Object read(Arguments arguments) {
    String text = arguments.text("--patch");
    String file = arguments.text("--patch-file");
    if (text.isEmpty() == file.isEmpty()) {
      throw KubectlException.error(
          text.isEmpty()
              ? "must specify --patch or --patch-file containing the contents of the patch"
              : "cannot specify --patch and --patch-file together");
    }
    if (!file.isEmpty()) {
      try {
        text = Files.readString(Path.of(file));
      } catch (IOException e) {
        throw KubectlException.error(
            "unable to read patch file: open " + file + ": no such file or directory");
      }
    }
    try {
      String trimmed = text.strip();
      return trimmed.startsWith("{") || trimmed.startsWith("[")
          ? Json.parse(trimmed)
          : YamlReader.read(text);
    } catch (DocumentException e) {
      throw KubectlException.error(
          "unable to parse \""
              + text
              + "\": yaml: line "
              + Math.max(1, e.line())
              + ": "
              + e.getMessage());
    }
  }
}
