package minik8s.kubectl.describe;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** The environment of a container. Stateless. */
final class EnvironmentText {
  private EnvironmentText() {}

  static void add(Page page, Object container, @Nullable Object pod) {
    sources(page, Tree.list(container, "envFrom"));
    List<Object> variables = Tree.list(container, "env");
    page.line(2, "Environment:" + (variables.isEmpty() ? "\t<none>" : ""));
    for (Object variable : variables) {
      String name = Tree.text(variable, "name");
      Map<String, Object> from = Tree.map(variable, "valueFrom");
      if (from.isEmpty()) {
        plain(page, name, Tree.text(variable, "value"));
      } else {
        page.line(3, name + ":\t" + from(from, container, pod));
      }
    }
  }

  private static void sources(Page page, List<Object> sources) {
    if (sources.isEmpty()) {
      return;
    }
    page.line(2, "Environment Variables from:");
    for (Object source : sources) {
      boolean map = Tree.at(source, "configMapRef") != null;
      Map<String, Object> reference = Tree.map(source, map ? "configMapRef" : "secretRef");
      String prefix = Tree.text(source, "prefix");
      page.line(
          3,
          Tree.text(reference, "name")
              + "\t"
              + (map ? "ConfigMap" : "Secret")
              + (prefix.isEmpty() ? "" : " with prefix '" + prefix + "'")
              + "\tOptional: "
              + Tree.flag(reference, "optional"));
    }
  }

  private static void plain(Page page, String name, String value) {
    String lead = name + ":";
    for (String line : value.split("\n", -1)) {
      page.line(3, lead + "\t" + line);
      lead = "";
    }
  }

  private static String from(Map<String, Object> from, Object container, @Nullable Object pod) {
    if (from.containsKey("fieldRef")) {
      String path = Tree.text(from, "fieldRef", "fieldPath");
      String version = Tree.text(from, "fieldRef", "apiVersion");
      return field(path, pod) + " (" + (version.isEmpty() ? "v1" : version) + ":" + path + ")";
    }
    if (from.containsKey("resourceFieldRef")) {
      String resource = Tree.text(from, "resourceFieldRef", "resource");
      String value = Tree.text(container, ("resources." + resource).split("\\.", -1));
      boolean limit = resource.equals("limits.cpu") || resource.equals("limits.memory");
      return (value.isEmpty() ? limit ? "node allocatable" : "0" : value) + " (" + resource + ")";
    }
    boolean secret = from.containsKey("secretKeyRef");
    Map<String, Object> reference = Tree.map(from, secret ? "secretKeyRef" : "configMapKeyRef");
    return "<set to the key '"
        + Tree.text(reference, "key")
        + "' "
        + (secret ? "in secret" : "of config map")
        + " '"
        + Tree.text(reference, "name")
        + "'>\tOptional: "
        + Tree.flag(reference, "optional");
  }

  private static String field(String path, @Nullable Object pod) {
    int open = path.indexOf("['");
    if (open > 0) {
      String key = path.substring(open + 2, Math.max(open + 2, path.length() - 2));
      return Tree.text(Tree.at(pod, path.substring(0, open).split("\\.", -1)), key);
    }
    return path.startsWith("metadata.") ? Tree.text(pod, path.split("\\.", -1)) : "";
  }
}
