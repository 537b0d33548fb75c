package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a request is about, read from its method and path alone. Immutable.
 *
 * <p>Source of the rules: apiserver's {@code request/requestinfo.go}.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete}, {@code deletecollection}; for paths that are no resource the
 *     lower-cased method
 * @param resource the plural, or empty when the path is no resource
 * @param name the object, or empty
 * @param subresource the path segment behind the name, or empty
 * @param rest the path segments behind that
 */
public record RequestInfo(
    String verb,
    String path,
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    List<String> rest) {

  /** What may stand behind {@code namespaces/NAME} without being a namespaced resource. */
  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  /** Takes its own copy of the rest. */
  public RequestInfo {
    rest = List.copyOf(rest);
  }

  /** Reads a request. */
  public static RequestInfo of(String method, String path, Query query) {
    List<String> parts =
        new ArrayList<>(
            Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty())
                .map(RequestInfo::decoded)
                .toList());
    boolean core = parts.size() >= 3 && parts.getFirst().equals("api");
    boolean grouped = parts.size() >= 4 && parts.getFirst().equals("apis");
    if (!core && !grouped) {
      String verb = method.toLowerCase(Locale.ROOT);
      return new RequestInfo(verb, path, "", "", "", "", "", "", List.of());
    }
    String group = core ? "" : parts.get(1);
    String version = parts.get(core ? 1 : 2);
    return resource(method, path, query, group, version, parts.subList(core ? 2 : 3, parts.size()));
  }

  /** Clients may write {@code system%3Anode} for {@code system:node}; a slash stays as written. */
  private static String decoded(String part) {
    if (part.indexOf('%') < 0) {
      return part;
    }
    try {
      String text = URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
      return text.indexOf('/') < 0 ? text : part;
    } catch (IllegalArgumentException e) {
      return part;
    }
  }

  private static RequestInfo resource(
      String method, String path, Query query, String group, String version, List<String> parts) {
    boolean oldWatch = parts.size() > 1 && parts.getFirst().equals("watch");
    List<String> left = new ArrayList<>(oldWatch ? parts.subList(1, parts.size()) : parts);
    String namespace = "";
    if (left.getFirst().equals("namespaces") && left.size() > 1) {
      namespace = left.get(1);
      if (left.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(left.get(2))) {
        left.subList(0, 2).clear();
      }
    }
    String name = left.size() > 1 ? left.get(1) : "";
    String sub = left.size() > 2 ? left.get(2) : "";
    List<String> rest = left.size() > 3 ? left.subList(3, left.size()) : List.of();
    String verb = verb(method, name, oldWatch || (query.flag("watch") && sub.isEmpty()));
    return new RequestInfo(verb, path, group, version, namespace, left.getFirst(), name, sub, rest);
  }

  private static String verb(String method, String name, boolean watch) {
    return switch (method) {
      case "GET", "HEAD" -> name.isEmpty() ? (watch ? "watch" : "list") : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  /** Whether the path leads to a resource. */
  public boolean isResource() {
    return !resource.isEmpty();
  }

  /**
   * {@code cluster}, {@code namespace} or {@code resource}, as metrics call it; empty for other
   * paths.
   */
  public String scope() {
    if (!isResource()) {
      return "";
    }
    return name.isEmpty() ? (namespace.isEmpty() ? "cluster" : "namespace") : "resource";
  }
}
