package minik8s.kubectl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubectl.client.KubeConfig;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlWriter;
import org.jspecify.annotations.Nullable;

/** One kubeconfig file to be changed. Confined to one thread. */
final class ConfigFile {
  private final Path path;
  private final Map<String, Object> document;

  private ConfigFile(Path path, Map<String, Object> document) {
    this.path = path;
    this.document = document;
  }

  /** The file that holds an entry of a list; failing that, the first file, made when written. */
  static ConfigFile holding(Session session, String list, String name) {
    List<Path> files = session.configFiles();
    for (Path file : files) {
      if (Files.exists(file)) {
        ConfigFile config = new ConfigFile(file, KubeConfig.read(file));
        if (config.entry(list, name) != null) {
          return config;
        }
      }
    }
    Path first = files.get(0);
    Map<String, Object> document =
        Files.exists(first) ? new LinkedHashMap<>(KubeConfig.read(first)) : new LinkedHashMap<>();
    return new ConfigFile(first, document);
  }

  /** The file that sets the current context, or the first one. */
  static ConfigFile current(Session session) {
    for (Path file : session.configFiles()) {
      if (Files.exists(file)) {
        ConfigFile config = new ConfigFile(file, KubeConfig.read(file));
        if (!Tree.text(config.document, "current-context").isEmpty()) {
          return config;
        }
      }
    }
    return holding(session, "contexts", "");
  }

  Path path() {
    return path;
  }

  Map<String, Object> document() {
    return document;
  }

  /** The wrapper of an entry with its name; null when there is none. */
  @Nullable Map<String, Object> entry(String list, String name) {
    for (Object item : Tree.list(document, list)) {
      if (Tree.text(item, "name").equals(name)) {
        return Tree.asMap(item);
      }
    }
    return null;
  }

  /** The body of an entry, made when absent. */
  Map<String, Object> body(String list, String name) {
    String key = list.substring(0, list.length() - 1);
    Map<String, Object> entry = entry(list, name);
    if (entry == null) {
      entry = Tree.of("name", name, key, new LinkedHashMap<String, Object>());
      List<Object> all = new ArrayList<>(Tree.list(document, list));
      all.add(entry);
      document.put(list, all);
    }
    return Tree.child(entry, key);
  }

  /** Takes an entry away; false when there was none. */
  boolean remove(String list, String name) {
    List<Object> all = new ArrayList<>(Tree.list(document, list));
    boolean removed = all.removeIf(item -> Tree.text(item, "name").equals(name));
    document.put(list, all);
    return removed;
  }

  /** Writes the file so that only its owner can read it. */
  void write() {
    document.putIfAbsent("apiVersion", "v1");
    document.putIfAbsent("kind", "Config");
    document.putIfAbsent("preferences", new LinkedHashMap<String, Object>());
    for (String list : List.of("clusters", "contexts", "users")) {
      document.putIfAbsent(list, new ArrayList<Object>());
    }
    document.putIfAbsent("current-context", "");
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Path temporary = path.resolveSibling(path.getFileName() + ".new");
      Files.writeString(temporary, YamlWriter.write(document));
      Files.setPosixFilePermissions(
          temporary, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw KubectlException.error("open " + path + ": " + e.getMessage());
    }
  }
}
