package minik8s.apiserver.authz;

import minik8s.api.ApiException;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers the create-only review kinds of {@code authorization.k8s.io} and {@code
 * authentication.k8s.io}. Thread-safe.
 */
public final class Reviews {
  public Reviews(
      Authorizer authorizer,
      RbacAuthorizer rules,
      minik8s.apiserver.authn.Authenticator authenticator) {}

  /**
   * The review with its status filled in.
   *
   * @param user who asks
   * @param namespace of the path, empty for cluster-scoped reviews
   * @throws ApiException Invalid when the review makes no sense
   */
  public ObjectNode answer(Kind kind, User user, String namespace, ObjectNode review) {
    return review;
  }
}
