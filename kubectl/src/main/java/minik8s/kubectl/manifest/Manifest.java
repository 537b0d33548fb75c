package minik8s.kubectl.manifest;

import java.util.Map;
import minik8s.kubectl.document.Tree;

/**
 * One object of a manifest with the place it came from. The document may be changed by its owner.
 *
 * @param document the object
 * @param source the file, URL or {@code STDIN}
 */
public record Manifest(Map<String, Object> document, String source) {
  /** The apiVersion; empty when absent. */
  public String apiVersion() {
    return Tree.text(document, "apiVersion");
  }

  /** The kind. */
  public String kind() {
    return Tree.text(document, "kind");
  }

  /** The name; empty for a generated one. */
  public String name() {
    return Tree.text(document, "metadata", "name");
  }

  /** The namespace; empty when the manifest names none. */
  public String namespace() {
    return Tree.text(document, "metadata", "namespace");
  }
}
