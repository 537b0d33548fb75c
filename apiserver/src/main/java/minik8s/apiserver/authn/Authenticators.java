package minik8s.apiserver.authn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Lookup;
import org.jspecify.annotations.Nullable;

/** Puts the authenticators of an API server together. Stateless. */
public final class Authenticators {
  private Authenticators() {}

  /**
   * Client certificates, then static tokens, then service-account tokens; a bearer token that none
   * of them knows is refused.
   *
   * @param tokenFile the static tokens; null when there is no such file
   * @param tokens the service-account tokens; null when the server has no key for them
   * @param lookup where the service accounts, pods and secrets are that tokens are bound to
   * @throws IllegalArgumentException with one clear sentence when the token file is unusable
   */
  public static Authenticator standard(
      @Nullable Path tokenFile, @Nullable ServiceAccountTokens tokens, Lookup lookup) {
    List<Authenticator> all = new ArrayList<>();
    all.add(new ClientCertificates());
    if (tokenFile != null) {
      try {
        all.add(StaticTokens.load(tokenFile));
      } catch (IOException e) {
        throw new IllegalArgumentException("cannot read the token file " + tokenFile, e);
      }
    }
    if (tokens != null) {
      all.add(new ServiceAccountAuthenticator(tokens, lookup));
    }
    all.add(Authenticators::refuseTokens);
    return Authenticator.anyOf(all);
  }

  private static Optional<User> refuseTokens(Credentials credentials) {
    if (credentials.bearerToken() != null) {
      throw Failure.unauthorized().asException();
    }
    return Optional.empty();
  }
}
