package minik8s.kubectl.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.describe.SchemaText;
import minik8s.kubectl.document.Tree;

/** {@code kubectl explain}: the documentation of a kind's fields, from the server's OpenAPI. */
final class Explain implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .text("--api-version", "", "Use given api-version (group/version) of the resource.")
        .bool("--recursive", "Print all fields, without their descriptions.")
        .text("-o --output", "plaintext", "Format in which to render the schema (plaintext).");
  }

  @Override
  public Help help() {
    return new Help(
        "Describe fields and structure of various resources.",
        "kubectl explain pods.spec.containers",
        "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = arguments.words();
    if (words.isEmpty()) {
      throw new KubectlException(
          "error: You must specify the type of resource to explain. Use \"kubectl api-resources\" for a"
              + " complete list of supported resources.");
    }
    if (words.size() > 1) {
      throw KubectlException.error("We accept only this format: explain RESOURCE");
    }
    Map<String, List<String>> split = split(session, words.get(0));
    String word = split.keySet().iterator().next();
    List<String> path = split.getOrDefault(word, List.of());
    ResourceType type = type(session, word, arguments.text("--api-version"));
    Map<String, Object> document = document(session, type);
    Map<String, Object> schema = schema(document, type);
    if (schema.isEmpty()) {
      throw KubectlException.error(
          "GVR ("
              + type.apiVersion()
              + ", Resource="
              + type.plural()
              + ") not found in OpenAPI"
              + " schema");
    }
    StringBuilder out = new StringBuilder();
    out.append(type.group().isEmpty() ? "" : "GROUP:      " + type.group() + "\n");
    out.append("KIND:       ").append(type.kind()).append('\n');
    out.append("VERSION:    ").append(type.version()).append("\n\n");
    String body = new SchemaText(document, arguments.bool("--recursive")).of(schema, path);
    if (body.isEmpty()) {
      throw KubectlException.error("field \"" + path.get(path.size() - 1) + "\" does not exist");
    }
    session.streams().out().append(out.append(body).append('\n'));
    return 0;
  }

  /** The resource and the fields behind it; {@code deployments.apps.spec} has a group inside. */
  private static Map<String, List<String>> split(Session session, String word) {
    String[] parts = word.split("\\.", -1);
    Map<String, List<String>> out = new LinkedHashMap<>();
    StringBuilder name = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      String longer = name + "." + parts[i];
      if (i < parts.length && names(session, longer, parts, i)) {
        name.append('.').append(parts[i]);
        continue;
      }
      out.put(name.toString(), List.of(parts).subList(i, parts.length));
      return out;
    }
    out.put(name.toString(), List.of());
    return out;
  }

  private static boolean names(Session session, String longer, String[] parts, int at) {
    boolean field = List.of("spec", "status", "metadata", "data", "kind").contains(parts[at]);
    if (field) {
      return false;
    }
    ResourceType known = KnownTypes.byWord(parts[0]);
    List<ResourceType> types = known != null ? List.of(known) : session.discovery().all(false);
    for (ResourceType type : types) {
      String full = type.plural() + "." + type.group();
      String singular = type.singular() + "." + type.group();
      if (!type.group().isEmpty() && (full.startsWith(longer) || singular.startsWith(longer))) {
        return true;
      }
    }
    return false;
  }

  private static ResourceType type(Session session, String word, String version) {
    ResourceType found = session.discovery().byWord(word);
    if (version.isEmpty()) {
      return found;
    }
    for (ResourceType type : session.discovery().all(false)) {
      if (type.apiVersion().equals(version) && type.kind().equals(found.kind())) {
        return type;
      }
    }
    throw KubectlException.error(
        "couldn't find resource for \"" + version + ", Kind=" + found.kind() + "\"");
  }

  private static Map<String, Object> document(Session session, ResourceType type) {
    String key = (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    Map<String, Object> index = session.server().get("/openapi/v3");
    String address = Tree.text(index, "paths", key, "serverRelativeURL");
    if (address.isEmpty()) {
      throw KubectlException.error("couldn't find resource for \"" + type.apiVersion() + "\"");
    }
    return session.server().get(address);
  }

  private static Map<String, Object> schema(Map<String, Object> document, ResourceType type) {
    for (Object schema : Tree.map(document, "components", "schemas").values()) {
      for (Object kind : Tree.list(schema, "x-kubernetes-group-version-kind")) {
        if (Tree.text(kind, "kind").equals(type.kind())
            && Tree.text(kind, "group").equals(type.group())
            && Tree.text(kind, "version").equals(type.version())) {
          return Tree.asMap(schema);
        }
      }
    }
    return Map.of();
  }
}
