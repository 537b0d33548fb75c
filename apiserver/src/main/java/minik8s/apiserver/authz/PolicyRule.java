package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One compiled rule of a role. Immutable.
 *
 * @param resourceNames empty means any name
 * @param paths of requests to no resource, possibly ending in {@code *}
 */
record PolicyRule(
    Set<String> verbs,
    Set<String> groups,
    Set<String> resources,
    Set<String> resourceNames,
    List<String> paths) {
  private static final Set<String> ANY = Set.of("*");

  static final PolicyRule EVERY_RESOURCE = new PolicyRule(ANY, ANY, ANY, Set.of(), List.of());
  static final PolicyRule EVERY_PATH =
      new PolicyRule(ANY, Set.of(), Set.of(), Set.of(), List.of("*"));

  static List<PolicyRule> all(List<JsonNode> rules) {
    return rules.stream().map(PolicyRule::of).toList();
  }

  private static PolicyRule of(JsonNode rule) {
    return new PolicyRule(
        strings(rule, "verbs"),
        strings(rule, "apiGroups"),
        strings(rule, "resources"),
        strings(rule, "resourceNames"),
        List.copyOf(strings(rule, "nonResourceURLs")));
  }

  private static Set<String> strings(JsonNode rule, String field) {
    List<String> all = new ArrayList<>();
    rule.path(field).forEach(n -> all.add(n.asString("")));
    return Set.copyOf(all);
  }

  boolean allows(Attributes wanted) {
    if (!verbs.contains("*") && !verbs.contains(wanted.verb())) {
      return false;
    }
    if (!wanted.isResource()) {
      return paths.stream().anyMatch(p -> matchesPath(p, wanted.nonResourcePath()));
    }
    return (groups.contains("*") || groups.contains(wanted.group()))
        && allowsResource(wanted)
        && (resourceNames.isEmpty() || resourceNames.contains(wanted.name()));
  }

  private boolean allowsResource(Attributes wanted) {
    if (resources.contains("*") || resources.contains(wanted.combinedResource())) {
      return true;
    }
    return !wanted.subresource().isEmpty() && resources.contains("*/" + wanted.subresource());
  }

  private static boolean matchesPath(String pattern, String path) {
    return pattern.endsWith("*")
        ? path.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(path);
  }

  boolean isForResources() {
    return !resources.isEmpty();
  }

  /** As reviews list it. */
  ObjectNode document() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    list(node.putArray("verbs"), verbs);
    if (!isForResources()) {
      list(node.putArray("nonResourceURLs"), paths);
      return node;
    }
    list(node.putArray("apiGroups"), groups);
    list(node.putArray("resources"), resources);
    if (!resourceNames.isEmpty()) {
      list(node.putArray("resourceNames"), resourceNames);
    }
    return node;
  }

  private static void list(ArrayNode array, Iterable<String> values) {
    java.util.TreeSet<String> sorted = new java.util.TreeSet<>();
    values.forEach(sorted::add);
    sorted.forEach(array::add);
  }
}
