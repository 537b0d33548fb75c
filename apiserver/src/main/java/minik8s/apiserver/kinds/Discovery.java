package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The discovery documents of one state of the kind table. Immutable; each call builds a new
 * document.
 *
 * <p>Source: {@code /api}, {@code /apis} and their aggregated form as kube-apiserver serves them.
 */
public final class Discovery {
  private final List<Kind> kinds;

  /** Group to version to kinds, in the order of the table. */
  private final Map<String, Map<String, List<Kind>>> groups = new LinkedHashMap<>();

  Discovery(List<Kind> kinds) {
    this.kinds = kinds;
    for (Kind kind : kinds) {
      groups
          .computeIfAbsent(kind.group(), g -> new LinkedHashMap<>())
          .computeIfAbsent(kind.version(), v -> new ArrayList<>())
          .add(kind);
    }
    groups.values().forEach(Discovery::sortVersions);
  }

  private static void sortVersions(Map<String, List<Kind>> versions) {
    List<Map.Entry<String, List<Kind>>> entries = new ArrayList<>(versions.entrySet());
    entries.sort(Map.Entry.comparingByKey(Versions.NEWEST_FIRST));
    versions.clear();
    for (Map.Entry<String, List<Kind>> entry : entries) {
      entry.getValue().sort(Comparator.comparing(Kind::plural));
      versions.put(entry.getKey(), entry.getValue());
    }
  }

  List<Kind> kinds() {
    return kinds;
  }

  /** {@code GET /api}. */
  public ObjectNode coreVersions() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "APIVersions");
    node.putArray("versions").add("v1");
    node.putArray("serverAddressByClientCIDRs");
    return node;
  }

  /** {@code GET /apis}. */
  public ObjectNode groupList() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode list = node.putArray("groups");
    for (String group : groups.keySet()) {
      if (!group.isEmpty()) {
        list.add(groupBody(JsonNodeFactory.instance.objectNode(), group));
      }
    }
    return node;
  }

  /** {@code GET /apis/GROUP}; empty when the group is not served. */
  public Optional<ObjectNode> group(String group) {
    if (group.isEmpty() || !groups.containsKey(group)) {
      return Optional.empty();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return Optional.of(groupBody(node.put("kind", "APIGroup").put("apiVersion", "v1"), group));
  }

  private ObjectNode groupBody(ObjectNode node, String group) {
    node.put("name", group);
    ArrayNode versions = node.putArray("versions");
    for (String version : groups.getOrDefault(group, Map.of()).keySet()) {
      groupVersion(versions.addObject(), group, version);
    }
    node.set("preferredVersion", versions.get(0).deepCopy());
    return node;
  }

  private static void groupVersion(ObjectNode node, String group, String version) {
    node.put("groupVersion", group + "/" + version).put("version", version);
  }

  /** {@code GET /api/v1} or {@code GET /apis/GROUP/VERSION}; empty when it is not served. */
  public Optional<ObjectNode> resources(String group, String version) {
    List<Kind> served = groups.getOrDefault(group, Map.of()).get(version);
    if (served == null) {
      return Optional.empty();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "APIResourceList").put("apiVersion", "v1");
    node.put("groupVersion", served.getFirst().apiVersion());
    ArrayNode list = node.putArray("resources");
    for (Kind kind : served) {
      resource(list.addObject(), kind);
      for (Subresource sub : kind.subresources()) {
        subresource(list.addObject(), kind, sub);
      }
    }
    return Optional.of(node);
  }

  private static void resource(ObjectNode node, Kind kind) {
    node.put("name", kind.plural()).put("singularName", kind.singular());
    node.put("namespaced", kind.namespaced()).put("kind", kind.kind());
    strings(node, "verbs", kind.sortedVerbs());
    optionalStrings(node, "shortNames", kind.shortNames());
    optionalStrings(node, "categories", kind.categories());
  }

  private static void subresource(ObjectNode node, Kind kind, Subresource sub) {
    node.put("name", kind.plural() + "/" + sub.name()).put("singularName", "");
    node.put("namespaced", kind.namespaced());
    if (!sub.group().equals(kind.group()) || !sub.version().equals(kind.version())) {
      node.put("group", sub.group()).put("version", sub.version());
    }
    node.put("kind", sub.kind());
    strings(node, "verbs", sub.verbs());
  }

  private static void strings(ObjectNode node, String field, List<String> values) {
    ArrayNode list = node.putArray(field);
    values.forEach(list::add);
  }

  private static void optionalStrings(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      strings(node, field, values);
    }
  }

  /** {@code GET /api} in the aggregated form. */
  public ObjectNode aggregatedCore() {
    return aggregated(true, "v2");
  }

  /** {@code GET /apis} in the aggregated form. */
  public ObjectNode aggregatedGroups() {
    return aggregated(false, "v2");
  }

  /**
   * The aggregated form in one of its versions.
   *
   * @param core whether the core group is asked for, otherwise all others
   * @param version {@code v2} or {@code v2beta1}
   */
  public ObjectNode aggregated(boolean core, String version) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "APIGroupDiscoveryList");
    node.put("apiVersion", "apidiscovery.k8s.io/" + version);
    node.putObject("metadata");
    ArrayNode items = node.putArray("items");
    groups.forEach((group, versions) -> {
      if (group.isEmpty() == core) {
        ObjectNode item = items.addObject();
        item.putObject("metadata").put("name", group);
        ArrayNode list = item.putArray("versions");
        versions.forEach((v, served) -> aggregatedVersion(list.addObject(), v, served));
      }
    });
    return node;
  }

  private static void aggregatedVersion(ObjectNode node, String version, List<Kind> served) {
    node.put("version", version);
    ArrayNode resources = node.putArray("resources");
    for (Kind kind : served) {
      ObjectNode item = resources.addObject();
      item.put("resource", kind.plural());
      responseKind(item, kind.group(), kind.version(), kind.kind());
      item.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
      item.put("singularResource", kind.singular());
      strings(item, "verbs", kind.sortedVerbs());
      optionalStrings(item, "shortNames", kind.shortNames());
      optionalStrings(item, "categories", kind.categories());
      if (!kind.subresources().isEmpty()) {
        ArrayNode subs = item.putArray("subresources");
        for (Subresource sub : kind.subresources()) {
          ObjectNode entry = subs.addObject().put("subresource", sub.name());
          responseKind(entry, sub.group(), sub.version(), sub.kind());
          strings(entry, "verbs", sub.verbs());
        }
      }
    }
    node.put("freshness", "Current");
  }

  private static void responseKind(ObjectNode node, String group, String version, String kind) {
    ObjectNode inner = node.putObject("responseKind");
    inner.put("group", group).put("version", version).put("kind", kind);
  }
}
