package minik8s.kubectl.command;

import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;

/** Sends what a generator made, and shares the generators' flags. Stateless. */
final class Generated {
  private Generated() {}

  static Flags flags(Flags flags) {
    return Changes.validated(Changes.flags(flags, "kubectl-create"))
        .bool("--save-config", "Save the configuration in the object's annotation for apply.");
  }

  /** The name, which must be the only word, or the only one before {@code --}. */
  static String name(Arguments arguments, String command) {
    int count = arguments.words().size();
    if (count != 1) {
      throw new KubectlException(
          "error: exactly one NAME is required, got "
              + count
              + "\nSee 'kubectl "
              + command
              + " -h' for help and examples");
    }
    return arguments.words().get(0);
  }

  /** An object of a built-in kind with its name. */
  static Map<String, Object> object(Session session, String kind, String name) {
    ResourceType type = KnownTypes.of(kind);
    Map<String, Object> object =
        Tree.of("apiVersion", type.apiVersion(), "kind", kind, "metadata", Tree.of("name", name));
    if (type.namespaced() && session.namespaceGiven()) {
      Tree.put(object, session.namespace(), "metadata", "namespace");
    }
    return object;
  }

  /** Creates the object and reports it. */
  static int send(Session session, Arguments arguments, Map<String, Object> made) {
    Changes changes = new Changes(session, arguments);
    ResourceType type = KnownTypes.of(Tree.text(made, "kind"));
    Map<String, Object> object =
        arguments.bool("--save-config") ? LastApplied.annotate(made) : made;
    String namespace = type.namespaced() ? session.namespace() : "";
    if (!changes.local()) {
      if (type.namespaced()) {
        Tree.put(object, namespace, "metadata", "namespace");
      }
      object = post(session, type, type.path(namespace) + changes.validatedQuery(), object);
    }
    String name = Tree.text(made, "metadata", "name");
    changes.report(new Item(type, namespace, name, object, ""), "created");
    return 0;
  }

  /** All generators but the one of namespaces wrap the server's words in their own. */
  private static Map<String, Object> post(
      Session session, ResourceType type, String path, Map<String, Object> object) {
    try {
      return session.server().post(path, object);
    } catch (ServerException e) {
      if (type.kind().equals("Namespace")) {
        throw e;
      }
      throw KubectlException.error("failed to create " + type.singular() + ": " + e.message());
    }
  }

  /** The last part of an image's path, as a container's name. */
  static String containerName(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    int colon = name.indexOf(':');
    int at = name.indexOf('@');
    name = colon > 0 ? name.substring(0, colon) : at > 0 ? name.substring(0, at) : name;
    StringBuilder out = new StringBuilder();
    for (char c : name.toLowerCase(java.util.Locale.ROOT).toCharArray()) {
      boolean good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      out.append(good ? c : '-');
    }
    return out.toString();
  }
}
