package minik8s.kubectl.client;

import java.util.List;

/**
 * One kind of object as discovery tells of it. Immutable.
 *
 * @param group the API group; empty for the core group
 * @param version the version in use
 * @param plural the name in URLs
 * @param singular the name for one
 * @param kind the name in manifests
 * @param namespaced whether objects live in namespaces
 * @param shortNames other names on the command line
 * @param categories names of sets such as {@code all}
 * @param verbs what the server can do
 * @param preferred whether this version is the group's first choice
 */
public record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    boolean preferred) {

  /** Group and version as manifests write them. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The resource with its group, as in {@code deployments.apps}. */
  public String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** The kind with its group in lower case, as in {@code deployment.apps}, for messages. */
  public String label() {
    String name = kind.toLowerCase(java.util.Locale.ROOT);
    return group.isEmpty() ? name : name + "." + group;
  }

  /** The path of the collection; an empty namespace means all of them. */
  public String path(String namespace) {
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    return namespaced && !namespace.isEmpty()
        ? root + "/namespaces/" + Query.escape(namespace) + "/" + plural
        : root + "/" + plural;
  }

  /** The path of one object. */
  public String path(String namespace, String name) {
    return path(namespace) + "/" + Query.escape(name);
  }

  /** Whether a word on the command line, in lower case, means this type. */
  public boolean answersTo(String word) {
    return plural.equals(word)
        || singular.equals(word)
        || shortNames.contains(word)
        || kind.equalsIgnoreCase(word);
  }
}
