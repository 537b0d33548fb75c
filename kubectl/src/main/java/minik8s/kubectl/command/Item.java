package minik8s.kubectl.command;

import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.document.Tree;

/**
 * An object that a command works on. Immutable but for its document.
 *
 * @param type its type
 * @param namespace its namespace; empty when it has none
 * @param name its name
 * @param object the document, live or from a file
 * @param source the file it came from, or empty
 */
public record Item(
    ResourceType type, String namespace, String name, Map<String, Object> object, String source) {

  /** The URL path of the object. */
  public String path() {
    return type.path(namespace, name);
  }

  /** The object as {@code deployment.apps/web}. */
  public String label() {
    return type.label() + "/" + name;
  }

  /** The kind in lower case and the name in quotes, as in {@code pod "x"}. */
  public String quoted() {
    return type.label() + " \"" + name + "\"";
  }

  /** The same item with a newer document. */
  public Item with(Map<String, Object> newer) {
    return new Item(type, namespace, name, newer, source);
  }

  /** Another item of the same kind as a live object says. */
  static Item live(ResourceType type, Map<String, Object> object) {
    Map<String, Object> full = object;
    if (!object.containsKey("kind") || !object.containsKey("apiVersion")) {
      full = Tree.of("apiVersion", type.apiVersion(), "kind", type.kind());
      full.putAll(object);
    }
    return new Item(
        type,
        type.namespaced() ? Tree.text(object, "metadata", "namespace") : "",
        Tree.text(object, "metadata", "name"),
        full,
        "");
  }

  /** The kind in lower case without its group. */
  String kind() {
    return type.kind().toLowerCase(Locale.ROOT);
  }
}
