package minik8s.kubectl.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that the server has, remembered on disk for six hours and asked again when a name is
 * not among them. Confined to one thread.
 */
public final class Discovery {
  private static final Duration LIFETIME = Duration.ofHours(6);
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
          + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
          + "application/json";

  private final ApiServer server;
  private final @Nullable Path cache;
  private final InstantSource clock;
  private @Nullable List<ResourceType> types;
  private boolean fresh;

  /** Discovery of a server; a null cache folder remembers nothing. */
  public Discovery(ApiServer server, @Nullable Path folder, InstantSource clock) {
    this.server = server;
    this.clock = clock;
    this.cache = folder == null ? null : folder.resolve(place(server.transport().endpoint()));
  }

  private static String place(Endpoint endpoint) {
    String name = endpoint.hostPort().replace(':', '_').replace('/', '_');
    return "discovery/" + name + "/minik8s-resources.json";
  }

  /** Every type, asking the server again when {@code anew}. */
  public List<ResourceType> all(boolean anew) {
    if (types == null && !anew) {
      types = remembered();
    }
    if (types == null || (anew && !fresh)) {
      types = ask();
      fresh = true;
      remember(types);
    }
    return types;
  }

  /**
   * The type that a word means, such as {@code po}, {@code deploy.apps}, {@code
   * foo.v1.example.org}.
   */
  public ResourceType byWord(String word) {
    ResourceType known = KnownTypes.byWord(word);
    if (known != null) {
      return known;
    }
    ResourceType found = search(word, all(false));
    found = found == null ? search(word, all(true)) : found;
    if (found == null) {
      throw KubectlException.error("the server doesn't have a resource type \"" + word + "\"");
    }
    return found;
  }

  /** The type of a manifest, or null when the server has none such. */
  public @Nullable ResourceType byKind(String apiVersion, String kind) {
    ResourceType known = KnownTypes.byKind(apiVersion, kind);
    if (known != null) {
      return known;
    }
    ResourceType found = match(apiVersion, kind, all(false));
    return found == null ? match(apiVersion, kind, all(true)) : found;
  }

  private static @Nullable ResourceType match(
      String apiVersion, String kind, List<ResourceType> types) {
    for (ResourceType type : types) {
      if (type.kind().equals(kind) && type.apiVersion().equals(apiVersion)) {
        return type;
      }
    }
    return null;
  }

  private static @Nullable ResourceType search(String word, List<ResourceType> types) {
    String lower = word.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    String name = dot < 0 ? lower : lower.substring(0, dot);
    String rest = dot < 0 ? "" : lower.substring(dot + 1);
    ResourceType second = null;
    for (ResourceType type : types) {
      boolean exact =
          rest.isEmpty()
              || rest.equals(type.group())
              || rest.equals(type.version() + "." + type.group())
              || (type.group().startsWith(rest) && !type.group().equals(rest));
      if (type.answersTo(name) && exact) {
        if (type.preferred()) {
          return type;
        }
        second = second == null ? type : second;
      }
    }
    return second;
  }

  /** The types in a category such as {@code all}; empty when there is no such category. */
  public List<ResourceType> category(String name) {
    List<ResourceType> out = new ArrayList<>();
    for (ResourceType type : all(false)) {
      if (type.preferred() && type.categories().contains(name) && type.verbs().contains("list")) {
        out.add(type);
      }
    }
    return out;
  }

  private @Nullable List<ResourceType> remembered() {
    if (cache == null) {
      return null;
    }
    try {
      long age = clock.millis() - Files.getLastModifiedTime(cache).toMillis();
      if (age > LIFETIME.toMillis()) {
        return null;
      }
      return DiscoveryDocuments.types(Tree.asMap(Json.parse(Files.readAllBytes(cache))));
    } catch (IOException | DocumentException e) {
      return null;
    }
  }

  private void remember(List<ResourceType> found) {
    if (cache == null) {
      return;
    }
    try {
      Path folder = cache.resolveSibling("");
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "resources", ".tmp");
      String text = Json.ordered(DiscoveryDocuments.document(found));
      Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, cache, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // a cache that cannot be written costs time, not truth
      fresh = true;
    }
  }

  private List<ResourceType> ask() {
    List<ResourceType> out = new ArrayList<>();
    Map<String, Object> core = server.get("/api", AGGREGATED);
    if (Tree.text(core, "kind").equals("APIGroupDiscoveryList")) {
      out.addAll(DiscoveryDocuments.types(core));
    } else {
      for (Object version : Tree.list(core, "versions")) {
        out.addAll(resources("", Tree.scalar(version), true));
      }
    }
    Map<String, Object> groups = server.get("/apis", AGGREGATED);
    if (Tree.text(groups, "kind").equals("APIGroupDiscoveryList")) {
      out.addAll(DiscoveryDocuments.types(groups));
    } else {
      for (Object group : Tree.list(groups, "groups")) {
        String preferred = Tree.text(group, "preferredVersion", "version");
        for (Object version : Tree.list(group, "versions")) {
          String name = Tree.text(version, "version");
          out.addAll(resources(Tree.text(group, "name"), name, name.equals(preferred)));
        }
      }
    }
    return out;
  }

  private List<ResourceType> resources(String group, String version, boolean preferred) {
    String path = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    try {
      return DiscoveryDocuments.legacy(server.get(path), group, version, preferred);
    } catch (ServerException e) {
      return List.of();
    }
  }

  /** Groups and versions, sorted, as {@code api-versions} prints them. */
  public List<String> versions() {
    Map<String, Boolean> out = new LinkedHashMap<>();
    for (ResourceType type : all(true)) {
      out.put(type.apiVersion(), true);
    }
    return out.keySet().stream().sorted().toList();
  }
}
