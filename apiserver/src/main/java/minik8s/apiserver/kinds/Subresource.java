package minik8s.apiserver.kinds;

import java.util.List;

/**
 * One path below an object, as discovery lists it. Immutable.
 *
 * @param name such as {@code status} or {@code eviction}
 * @param group the API group of the documents exchanged
 * @param version their version
 * @param kind their kind, such as {@code Eviction}
 * @param verbs what can be done, sorted
 */
public record Subresource(
    String name, String group, String version, String kind, List<String> verbs) {
  public Subresource {
    verbs = verbs.stream().sorted().toList();
  }
}
