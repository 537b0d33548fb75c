package minik8s.kubectl.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.SimpleYaml;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlReader;
import org.jspecify.annotations.Nullable;

/**
 * One or several kubeconfig files merged: of two entries with one name the first wins, as does the
 * first current context. Immutable.
 */
public final class KubeConfig {
  private final Map<String, Object> merged;
  private final Map<String, Path> origins;

  private KubeConfig(Map<String, Object> merged, Map<String, Path> origins) {
    this.merged = merged;
    this.origins = origins;
  }

  /** Reads the files that exist; with {@code explicit} a missing file is an error. */
  public static KubeConfig load(List<Path> files, boolean explicit) {
    Map<String, Object> merged = new LinkedHashMap<>();
    Map<String, Path> origins = new LinkedHashMap<>();
    for (Path file : files) {
      if (explicit && !Files.exists(file)) {
        throw KubectlException.error("stat " + file + ": no such file or directory");
      }
      if (Files.isRegularFile(file) || explicit) {
        merge(merged, origins, read(file), file);
      }
    }
    return new KubeConfig(merged, origins);
  }

  /** One file's content; an empty map for an empty file. */
  public static Map<String, Object> read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw KubectlException.error(
          "error loading config file \"" + file + "\": open " + file + ": " + reason(e));
    } catch (DocumentException e) {
      String line = e.line() > 0 ? "line " + e.line() + ": " : "";
      throw KubectlException.error(
          "error loading config file \"" + file + "\": yaml: " + line + e.getMessage());
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }

  /** Text as JSON, as the plain YAML that tools write, or by the full YAML reader. */
  public static Map<String, Object> parse(String text) {
    if (text.startsWith("{")) {
      return Tree.asMap(Json.parse(text));
    }
    Map<String, Object> plain = SimpleYaml.read(text);
    return plain != null ? plain : Tree.asMap(YamlReader.read(text));
  }

  private static void merge(
      Map<String, Object> merged, Map<String, Path> origins, Map<String, Object> one, Path file) {
    for (Map.Entry<String, Object> entry : one.entrySet()) {
      String key = entry.getKey();
      if (!key.equals("clusters") && !key.equals("contexts") && !key.equals("users")) {
        if (Tree.scalar(merged.get(key)).isEmpty()) {
          merged.put(key, entry.getValue());
        }
        continue;
      }
      List<Object> into = new ArrayList<>(Tree.list(merged, key));
      for (Object item : Tree.asList(entry.getValue())) {
        String name = Tree.text(item, "name");
        if (named(into, name) == null) {
          into.add(item);
          origins.put(key + "/" + name, file);
        }
      }
      merged.put(key, into);
    }
  }

  /** The merged document. */
  public Map<String, Object> document() {
    return merged;
  }

  /** The name of the current context; empty when none is set. */
  public String currentContext() {
    return Tree.text(merged, "current-context");
  }

  /** The body of an entry, such as ("users", "admin"); null when there is none. */
  public @Nullable Map<String, Object> entry(String list, String name) {
    Object item = named(Tree.list(merged, list), name);
    String body = list.substring(0, list.length() - 1);
    return item == null ? null : Tree.map(item, body);
  }

  /** The folder of the file an entry came from, for its relative paths. */
  public Path folder(String list, String name) {
    Path file = origins.getOrDefault(list + "/" + name, Path.of(""));
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static @Nullable Object named(List<Object> items, String name) {
    for (Object item : items) {
      if (Tree.text(item, "name").equals(name)) {
        return item;
      }
    }
    return null;
  }
}
