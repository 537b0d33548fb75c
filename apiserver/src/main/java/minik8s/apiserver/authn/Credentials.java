package minik8s.apiserver.authn;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request shows of its sender. Immutable.
 *
 * @param certificates the client's chain, leaf first; empty when TLS asked for none or got none
 * @param bearerToken from the {@code Authorization} header or the WebSocket protocol; null when
 *     there is none
 */
public record Credentials(List<X509Certificate> certificates, @Nullable String bearerToken) {
  public static final Credentials NONE = new Credentials(List.of(), null);

  public Credentials {
    certificates = List.copyOf(certificates);
  }

  /** Reads an {@code Authorization} header; other schemes count as no token. */
  public static Credentials of(
      List<X509Certificate> certificates, @Nullable String authorizationHeader) {
    String token = null;
    if (authorizationHeader != null
        && authorizationHeader.regionMatches(true, 0, "Bearer ", 0, 7)) {
      token = authorizationHeader.substring(7).trim();
    }
    return new Credentials(certificates, token);
  }
}
