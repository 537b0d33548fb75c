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
}
