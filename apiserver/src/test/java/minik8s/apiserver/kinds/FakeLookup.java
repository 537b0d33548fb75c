package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;

/** Objects in a map, for tests of rules that look at other objects. Confined to one test. */
public final class FakeLookup implements Lookup {
  private final Map<String, JsonNode> objects = new LinkedHashMap<>();
  private long version;

  /** Adds an object; its place follows from its own metadata. */
  public FakeLookup with(String group, String plural, JsonNode document) {
    JsonNode meta = document.path("metadata");
    String namespace = meta.path("namespace").asString("");
    version++;
    objects.put(key(group, plural, namespace, meta.path("name").asString("")), document);
    return this;
  }

  /** Adds an object from JSON text. */
  public FakeLookup with(String group, String plural, String json) {
    return with(group, plural, Json.parse(json));
  }

  /** Takes an object away. */
  public FakeLookup without(String group, String plural, String namespace, String name) {
    version++;
    objects.remove(key(group, plural, namespace, name));
    return this;
  }

  @Override
  public long version(String group, String plural) {
    return version;
  }

  private static String key(String group, String plural, String namespace, String name) {
    return group + "|" + plural + "|" + namespace + "|" + name;
  }

  @Override
  public Optional<JsonNode> get(String group, String plural, String namespace, String name) {
    return Optional.ofNullable(objects.get(key(group, plural, namespace, name)));
  }

  @Override
  public List<JsonNode> list(String group, String plural, String namespace) {
    List<JsonNode> found = new ArrayList<>();
    objects.forEach((key, document) -> {
      String prefix = group + "|" + plural + "|";
      if (key.startsWith(namespace.isEmpty() ? prefix : prefix + namespace + "|")) {
        found.add(document);
      }
    });
    return found;
  }
}
