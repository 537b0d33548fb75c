package minik8s.apiserver.authz;

import minik8s.apiserver.authn.User;

/**
 * What a request wants, as rules judge it. Immutable; empty text where a part does not apply.
 *
 * @param verb {@code get}, {@code list}, {@code create}…; for other paths the lower-case method
 * @param nonResourcePath the path of a request to no resource, such as {@code /version}
 */
public record Attributes(
    User user,
    String verb,
    String group,
    String resource,
    String subresource,
    String namespace,
    String name,
    String nonResourcePath) {

  /** A request to a resource. */
  public static Attributes resource(
      User user,
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    return new Attributes(user, verb, group, resource, subresource, namespace, name, "");
  }

  /** A request to any other path. */
  public static Attributes path(User user, String verb, String path) {
    return new Attributes(user, verb, "", "", "", "", "", path);
  }

  public boolean isResource() {
    return nonResourcePath.isEmpty();
  }

  /** {@code pods} or {@code pods/log}, as rules name it. */
  public String combinedResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }

  /** Kubernetes' sentence for a refusal. */
  public String refusal() {
    if (!isResource()) {
      return "forbidden: User %s cannot %s path %s"
          .formatted(quoted(user.name()), verb, quoted(nonResourcePath));
    }
    String object = group.isEmpty() ? resource : resource + "." + group;
    String subject = name.isEmpty() ? object : object + " " + quoted(name);
    String place =
        namespace.isEmpty() ? "at the cluster scope" : "in the namespace " + quoted(namespace);
    return "%s is forbidden: User %s cannot %s resource %s in API group %s %s"
        .formatted(
            subject, quoted(user.name()), verb, quoted(combinedResource()), quoted(group), place);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
