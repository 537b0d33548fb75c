package minik8s.apiserver.kinds;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A view of live objects, for rules that depend on other objects. Implementations are thread-safe
 * and answer from a cache; callers never change what they get.
 */
public interface Lookup {
  /**
   * One object in its stored version.
   *
   * @param group empty for core
   * @param namespace empty for cluster-scoped kinds
   */
  Optional<JsonNode> get(String group, String plural, String namespace, String name);

  /**
   * All objects of a resource.
   *
   * @param namespace empty for all namespaces
   */
  List<JsonNode> list(String group, String plural, String namespace);

  /**
   * Something that changes whenever an object of the resource changes, so that what was derived
   * from the objects can be kept as long as it is the same; negative when nothing may be kept.
   */
  default long version(String group, String plural) {
    return -1;
  }

  /**
   * Whether an object has a value in one of the fields that it can be selected by.
   *
   * @param namespace empty for all namespaces
   * @param field dotted path, such as {@code spec.nodeName}
   */
  default boolean any(String group, String plural, String namespace, String field, String value) {
    String[] steps = field.split("\\.");
    for (JsonNode document : list(group, plural, namespace)) {
      JsonNode node = document;
      for (String step : steps) {
        node = node.path(step);
      }
      if (node.asString("").equals(value)) {
        return true;
      }
    }
    return false;
  }
}
