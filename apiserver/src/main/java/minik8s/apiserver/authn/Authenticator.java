package minik8s.apiserver.authn;

import java.util.List;
import java.util.Optional;
import minik8s.api.ApiException;

/** Tells who shows credentials. Implementations are thread-safe. */
@FunctionalInterface
public interface Authenticator {
  /**
   * The sender; empty when the credentials are none that this authenticator judges.
   *
   * @throws ApiException Unauthorized when it judges them and they are bad
   */
  Optional<User> authenticate(Credentials credentials);

  /** The first answer of several. */
  static Authenticator anyOf(List<Authenticator> authenticators) {
    List<Authenticator> all = List.copyOf(authenticators);
    return credentials -> {
      for (Authenticator each : all) {
        Optional<User> user = each.authenticate(credentials);
        if (user.isPresent()) {
          return user;
        }
      }
      return Optional.empty();
    };
  }
}
