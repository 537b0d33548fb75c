package minik8s.apiserver.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one builder and reader of keys, in Kubernetes' own layout: {@code
 * /registry/pods/default/web}, {@code /registry/example.com/widgets/default/w}.
 *
 * <p>Immutable. Built-in kinds are stored under their plural alone, kinds whose storage group is
 * given (custom resources, CRDs) under {@code group/plural}; a first segment with a dot therefore
 * always means a group.
 */
public final class StorePaths {
  /** Kubernetes' historical names. */
  private static final Map<String, String> ODD =
      Map.of(
          "services",
          "services/specs",
          "endpoints",
          "services/endpoints",
          "nodes",
          "minions",
          "ingresses",
          "ingress");

  /** The folder of what is not an object: claims of addresses and ports. */
  public static final String CLAIMS = "ranges";

  /** The folder of the servers that share the store; they are no objects either. */
  public static final String MEMBERS = "apiservers";

  private final String root;

  /** Takes the prefix of all keys, such as {@code /registry}. */
  public StorePaths(String prefix) {
    this.root =
        (prefix.startsWith("/") ? "" : "/") + (prefix.endsWith("/") ? prefix : prefix + "/");
  }

  /** The prefix of all keys, with its slash. */
  public String root() {
    return root;
  }

  /**
   * Names the folder of a resource: {@code pods}, {@code services/specs}, {@code
   * example.com/widgets}.
   */
  public static String folder(String group, String plural, boolean custom) {
    if (custom || group.equals("apiextensions.k8s.io")) {
      return group + "/" + plural;
    }
    return group.isEmpty() || group.equals("networking.k8s.io")
        ? ODD.getOrDefault(plural, plural)
        : plural;
  }

  /** The key of one object; {@code namespace} is empty for cluster-scoped kinds. */
  public String key(String folder, String namespace, String name) {
    return root + folder + "/" + relative(namespace, name);
  }

  /** The part of a key after its folder. */
  public static String relative(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** The prefix of a folder, or of one namespace in it when {@code namespace} is not empty. */
  public String prefix(String folder, String namespace) {
    return root + folder + "/" + (namespace.isEmpty() ? "" : namespace + "/");
  }

  /** Splits a key, or answers null for a key that is not an object of ours. */
  public @Nullable Place place(String key) {
    if (!key.startsWith(root)) {
      return null;
    }
    int end = key.indexOf('/', root.length());
    if (end < 0) {
      return null;
    }
    String first = key.substring(root.length(), end);
    if (first.indexOf('.') >= 0 || first.equals("services")) {
      end = key.indexOf('/', end + 1);
      if (end < 0) {
        return null;
      }
    }
    return new Place(key.substring(root.length(), end), key.substring(end + 1));
  }

  /**
   * A key taken apart. Immutable.
   *
   * @param folder the resource's folder
   * @param relative {@code namespace/name}, or the bare name of a cluster-scoped object
   */
  public record Place(String folder, String relative) {
    /** The namespace, or the empty string. */
    public String namespace() {
      int slash = relative.indexOf('/');
      return slash < 0 ? "" : relative.substring(0, slash);
    }

    /** The object's name. */
    public String name() {
      return relative.substring(relative.indexOf('/') + 1);
    }
  }
}
