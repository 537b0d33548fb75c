package minik8s.apiserver.schema;

import java.util.Set;

/**
 * One resource as the OpenAPI documents list it. Immutable.
 *
 * @param gvk the kind it holds
 * @param plural its name in paths, such as {@code deployments}
 * @param namespaced whether its paths carry a namespace
 * @param verbs such as {@code get}, {@code list}, {@code create}, {@code patch}
 * @param subresources such as {@code status}, {@code scale}
 */
public record ServedResource(
    Gvk gvk, String plural, boolean namespaced, Set<String> verbs, Set<String> subresources) {
  public ServedResource {
    verbs = Set.copyOf(verbs);
    subresources = Set.copyOf(subresources);
  }
}
