package minik8s.apiserver.authn;

import minik8s.api.ApiException;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers {@code POST serviceaccounts/NAME/token}. Thread-safe. */
public final class TokenRequests {
  public TokenRequests(ServiceAccountTokens tokens, Lookup lookup) {}

  /**
   * The TokenRequest with its status filled in.
   *
   * @throws ApiException NotFound without that service account or bound object, Invalid for a bad
   *     expiry
   */
  public ObjectNode answer(String namespace, String serviceAccount, JsonNode request) {
    return ((ObjectNode) request).deepCopy();
  }
}
