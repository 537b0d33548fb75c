package minik8s.apiserver.authn;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signs and verifies the tokens of service accounts. Thread-safe. */
public final class ServiceAccountTokens {
  private ServiceAccountTokens() {}

  /**
   * @param verificationKeys PEM files with public (or private) RSA or EC keys
   * @param signingKey PEM file with the private key; null when this server signs nothing
   * @param issuer such as {@code https://kubernetes.default.svc}; also the default audience
   */
  public static ServiceAccountTokens load(
      List<Path> verificationKeys, @Nullable Path signingKey, String issuer, InstantSource clock) {
    return new ServiceAccountTokens();
  }
}
