package minik8s.kubectl.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlReader;

/**
 * Reads manifests from files, folders, patterns, addresses and standard input. Confined to one
 * thread.
 */
public final class ManifestReader {
  private final InputStream in;
  private final boolean recursive;

  /** A reader; {@code recursive} goes down into folders of folders. */
  public ManifestReader(InputStream in, boolean recursive) {
    this.in = in;
    this.recursive = recursive;
  }

  /** Reads everything the names lead to, in order. */
  public List<Manifest> read(List<String> names) {
    List<Manifest> out = new ArrayList<>();
    for (String name : names) {
      if (name.equals("-")) {
        out.addAll(documents(stdin(), "STDIN"));
      } else if (name.startsWith("http://") || name.startsWith("https://")) {
        out.addAll(documents(download(name), name));
      } else {
        for (Path file : files(name)) {
          out.addAll(documents(text(file), file.toString()));
        }
      }
    }
    return out;
  }

  private String stdin() {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw KubectlException.error("unable to read standard input: " + e.getMessage());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.nio.charset.MalformedInputException e) {
      throw KubectlException.error(
          "error parsing "
              + file
              + ": error converting YAML to JSON: yaml: invalid leading UTF-8"
              + " octet");
    } catch (java.nio.file.AccessDeniedException e) {
      throw KubectlException.error("open " + file + ": permission denied");
    } catch (IOException e) {
      throw KubectlException.error("read " + file + ": " + e.getMessage());
    }
  }

  private static String download(String address) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(address).toURL().openConnection();
      connection.setConnectTimeout(30_000);
      int code = connection.getResponseCode();
      if (code != 200) {
        throw KubectlException.error(
            "unable to read URL \""
                + address
                + "\", server reported "
                + code
                + " "
                + connection.getResponseMessage()
                + ", status code="
                + code);
      }
      try (InputStream body = connection.getInputStream()) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw KubectlException.error("unable to read URL \"" + address + "\": " + e.getMessage());
    }
  }

  private List<Path> files(String name) {
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      return folder(path);
    }
    if (Files.exists(path)) {
      return List.of(path);
    }
    List<Path> matches = name.contains("*") || name.contains("?") ? glob(path) : List.of();
    if (matches.isEmpty()) {
      throw KubectlException.error("the path \"" + name + "\" does not exist");
    }
    return matches;
  }

  private static List<Path> glob(Path pattern) {
    Path parent = pattern.getParent();
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.getFileName());
    try (Stream<Path> entries = Files.list(parent == null ? Path.of("") : parent)) {
      return entries.filter(entry -> matcher.matches(entry.getFileName())).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private List<Path> folder(Path folder) {
    try (Stream<Path> entries = Files.walk(folder, recursive ? Integer.MAX_VALUE : 1)) {
      List<Path> out =
          entries.filter(Files::isRegularFile).filter(ManifestReader::manifest).sorted().toList();
      if (out.isEmpty()) {
        throw KubectlException.error(
            "error reading [" + folder + "]: recognized file extensions are [.json .yaml .yml]");
      }
      return out;
    } catch (IOException e) {
      throw KubectlException.error("error reading [" + folder + "]: " + e.getMessage());
    }
  }

  private static boolean manifest(Path file) {
    String name = file.toString();
    return name.endsWith(".json") || name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /** Cuts a text into documents and lists into their items. */
  public static List<Manifest> documents(String text, String source) {
    List<Manifest> out = new ArrayList<>();
    if (text.stripLeading().startsWith("{")) {
      try {
        for (Object one : jsonDocuments(text)) {
          add(one, source, out);
        }
      } catch (DocumentException e) {
        throw KubectlException.error(
            "error parsing " + source + ": json: line " + e.line() + ": " + e.getMessage());
      }
      return out;
    }
    for (String document : split(text)) {
      add(yaml(document, source), source, out);
    }
    return out;
  }

  private static List<Object> jsonDocuments(String text) {
    List<Object> out = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Json.Stream stream = new Json.Stream(new java.io.ByteArrayInputStream(bytes))) {
      for (Object one = stream.next(); one != null; one = stream.next()) {
        out.add(one);
      }
    }
    return out;
  }

  private static Object yaml(String document, String source) {
    try {
      return YamlReader.read(document);
    } catch (DocumentException e) {
      throw KubectlException.error(
          "error parsing "
              + source
              + ": error converting YAML to JSON: yaml: "
              + (e.line() > 0 ? "line " + e.line() + ": " : "")
              + e.getMessage());
    }
  }

  /** Documents end at a line that starts with three dashes; each starts counting lines anew. */
  static List<String> split(String text) {
    List<String> out = new ArrayList<>();
    int from = 0;
    int line = 0;
    while (line < text.length()) {
      int end = text.indexOf('\n', line);
      end = end < 0 ? text.length() : end;
      String content = text.substring(line, end);
      if (content.startsWith("---") && content.substring(3).isBlank()) {
        out.add(text.substring(from, line));
        from = Math.min(end + 1, text.length());
      }
      line = end + 1;
    }
    out.add(text.substring(from));
    out.removeIf(ManifestReader::empty);
    return out;
  }

  private static boolean empty(String document) {
    for (String line : document.split("\n", -1)) {
      String stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        return false;
      }
    }
    return true;
  }

  private static void add(Object value, String source, List<Manifest> out) {
    if (value == Json.NULL) {
      return;
    }
    if (!(value instanceof Map<?, ?>)) {
      throw KubectlException.error(
          "unable to decode \""
              + source
              + "\": json: cannot unmarshal "
              + (value instanceof List<?> ? "array" : "string")
              + " into Go value of type struct");
    }
    Map<String, Object> map = Tree.asMap(value);
    if (map.isEmpty()) {
      return;
    }
    if (Tree.text(map, "kind").isEmpty()) {
      throw KubectlException.error(
          "error validating \""
              + source
              + "\": error validating data: kind not set; if you choose"
              + " to ignore these errors, turn validation off with --validate=false");
    }
    if (Tree.text(map, "apiVersion").isEmpty()) {
      throw KubectlException.error(
          "error validating \""
              + source
              + "\": error validating data: apiVersion not set; if you"
              + " choose to ignore these errors, turn validation off with --validate=false");
    }
    if (Tree.text(map, "kind").endsWith("List") && map.get("items") instanceof List<?>) {
      for (Object item : Tree.list(map, "items")) {
        add(item, source, out);
      }
      return;
    }
    out.add(new Manifest(map, source));
  }
}
