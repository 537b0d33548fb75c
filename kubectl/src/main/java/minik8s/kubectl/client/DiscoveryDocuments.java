package minik8s.kubectl.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.document.Tree;

/** Types read from discovery documents of both ages, and written for the cache. Stateless. */
final class DiscoveryDocuments {
  private DiscoveryDocuments() {}

  /** Reads an aggregated list; its first version of a group is the preferred one. */
  static List<ResourceType> types(Map<String, Object> document) {
    List<ResourceType> out = new ArrayList<>();
    for (Object group : Tree.list(document, "items")) {
      boolean preferred = true;
      for (Object version : Tree.list(group, "versions")) {
        for (Object resource : Tree.list(version, "resources")) {
          out.add(
              type(
                  Tree.text(group, "metadata", "name"),
                  Tree.text(version, "version"),
                  resource,
                  preferred));
        }
        preferred = false;
      }
    }
    return out;
  }

  private static ResourceType type(
      String group, String version, Object resource, boolean preferred) {
    String kind = Tree.text(resource, "responseKind", "kind");
    String singular = Tree.text(resource, "singularResource");
    return new ResourceType(
        group,
        version,
        Tree.text(resource, "resource"),
        singular.isEmpty() ? kind.toLowerCase(Locale.ROOT) : singular,
        kind,
        Tree.text(resource, "scope").equals("Namespaced"),
        texts(resource, "shortNames"),
        texts(resource, "categories"),
        texts(resource, "verbs"),
        preferred);
  }

  /** Reads an APIResourceList. */
  static List<ResourceType> legacy(
      Map<String, Object> document, String group, String version, boolean preferred) {
    List<ResourceType> out = new ArrayList<>();
    for (Object resource : Tree.list(document, "resources")) {
      String name = Tree.text(resource, "name");
      if (name.indexOf('/') >= 0) {
        continue;
      }
      String kind = Tree.text(resource, "kind");
      String singular = Tree.text(resource, "singularName");
      out.add(
          new ResourceType(
              group,
              version,
              name,
              singular.isEmpty() ? kind.toLowerCase(Locale.ROOT) : singular,
              kind,
              Tree.flag(resource, "namespaced"),
              texts(resource, "shortNames"),
              texts(resource, "categories"),
              texts(resource, "verbs"),
              preferred));
    }
    return out;
  }

  /** Writes types as an aggregated list; each run of one group and version becomes one entry. */
  static Map<String, Object> document(List<ResourceType> types) {
    List<Object> groups = new ArrayList<>();
    String lastGroup = null;
    String lastVersion = null;
    List<Object> versions = new ArrayList<>();
    List<Object> resources = new ArrayList<>();
    for (ResourceType type : types) {
      if (!type.group().equals(lastGroup)) {
        versions = new ArrayList<>();
        groups.add(Tree.of("metadata", Tree.of("name", type.group()), "versions", versions));
        lastGroup = type.group();
        lastVersion = null;
      }
      if (!type.version().equals(lastVersion)) {
        resources = new ArrayList<>();
        versions.add(Tree.of("version", type.version(), "resources", resources));
        lastVersion = type.version();
      }
      resources.add(resource(type));
    }
    return Tree.of("kind", "APIGroupDiscoveryList", "items", groups);
  }

  private static Map<String, Object> resource(ResourceType type) {
    return Tree.of(
        "resource", type.plural(),
        "singularResource", type.singular(),
        "responseKind", Tree.of("kind", type.kind()),
        "scope", type.namespaced() ? "Namespaced" : "Cluster",
        "shortNames", type.shortNames(),
        "categories", type.categories(),
        "verbs", type.verbs());
  }

  private static List<String> texts(Object resource, String key) {
    List<String> out = new ArrayList<>();
    for (Object item : Tree.list(resource, key)) {
      out.add(Tree.scalar(item));
    }
    return out;
  }
}
