package minik8s.apiserver.authn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.Failure;
import minik8s.apiserver.authn.ServiceAccountTokens.BoundObject;
import minik8s.apiserver.authn.ServiceAccountTokens.Claims;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;

/**
 * Users by the tokens of service accounts; a token dies with its account and with whatever it is
 * bound to. Thread-safe.
 */
public final class ServiceAccountAuthenticator implements Authenticator {
  private final ServiceAccountTokens tokens;
  private final Lookup lookup;

  public ServiceAccountAuthenticator(ServiceAccountTokens tokens, Lookup lookup) {
    this.tokens = tokens;
    this.lookup = lookup;
  }

  @Override
  public Optional<User> authenticate(Credentials credentials) {
    String token = credentials.bearerToken();
    if (token == null || !tokens.isOurs(token)) {
      return Optional.empty();
    }
    return Optional.of(
        user(token, List.of(tokens.issuer()))
            .orElseThrow(() -> Failure.unauthorized().asException()));
  }

  /** The user of a token that is good for one of these audiences. */
  Optional<User> user(String token, List<String> audiences) {
    return tokens
        .verify(token)
        .filter(claims -> claims.audiences().stream().anyMatch(audiences::contains))
        .filter(this::alive)
        .map(ServiceAccountAuthenticator::user);
  }

  private boolean alive(Claims claims) {
    if (!lives("serviceaccounts", claims.namespace(), claims.serviceAccount(), claims.uid())) {
      return false;
    }
    for (BoundObject each : claims.bound()) {
      String plural = each.kind() + "s";
      String namespace = each.kind().equals("node") ? "" : claims.namespace();
      if (!lives(plural, namespace, each.name(), each.uid())) {
        return false;
      }
    }
    return true;
  }

  private boolean lives(String plural, String namespace, String name, String uid) {
    Optional<JsonNode> object = lookup.get("", plural, namespace, name);
    return object.isPresent() && object.get().path("metadata").path("uid").asString("").equals(uid);
  }

  private static User user(Claims claims) {
    Map<String, List<String>> extra = new java.util.HashMap<>();
    for (BoundObject each : claims.bound()) {
      String prefix = "authentication.kubernetes.io/" + each.kind();
      if (!each.kind().equals("secret")) {
        extra.put(prefix + "-name", List.of(each.name()));
        extra.put(prefix + "-uid", List.of(each.uid()));
      }
    }
    if (!claims.id().isEmpty()) {
      extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + claims.id()));
    }
    return new User(
        "system:serviceaccount:" + claims.namespace() + ":" + claims.serviceAccount(),
        claims.uid(),
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + claims.namespace(),
            User.ALL_AUTHENTICATED),
        extra);
  }
}
