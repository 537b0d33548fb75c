package minik8s.apiserver.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies the tokens of service accounts: JSON web tokens under RS256 or ES256.
 * Thread-safe.
 *
 * <p>Source of the claims: Kubernetes' bound service-account tokens.
 */
public final class ServiceAccountTokens {
  private static final String CLAIM = "kubernetes.io";
  private static final int KEPT_TOKENS = 1024;

  private final List<JWK> verificationKeys;
  private final @Nullable JWK signingKey;
  private final String issuer;
  private final InstantSource clock;

  /** Tokens whose signature was found good: that never changes, unlike the time. */
  private final Map<String, Claims> verified = new ConcurrentHashMap<>();

  private ServiceAccountTokens(
      List<JWK> verificationKeys, @Nullable JWK signingKey, String issuer, InstantSource clock) {
    this.verificationKeys = List.copyOf(verificationKeys);
    this.signingKey = signingKey;
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * Reads the keys.
   *
   * @param verificationKeys PEM files with public (or private) RSA or EC keys
   * @param signingKey PEM file with the private key; null when this server signs nothing
   * @param issuer such as {@code https://kubernetes.default.svc}; also the default audience
   * @throws IllegalArgumentException with one clear sentence when a file holds no key
   */
  public static ServiceAccountTokens load(
      List<Path> verificationKeys, @Nullable Path signingKey, String issuer, InstantSource clock) {
    JWK signing = signingKey == null ? null : Keys.load(signingKey);
    if (signing != null && !signing.isPrivate()) {
      throw new IllegalArgumentException("the key file " + signingKey + " holds no private key");
    }
    List<JWK> keys = new ArrayList<>();
    verificationKeys.forEach(file -> keys.add(Keys.load(file).toPublicJWK()));
    return of(keys, signing, issuer, clock);
  }

  static ServiceAccountTokens of(
      List<JWK> verificationKeys, @Nullable JWK signing, String issuer, InstantSource clock) {
    List<JWK> keys = new ArrayList<>(verificationKeys);
    if (signing != null) {
      keys.add(signing.toPublicJWK());
    }
    return new ServiceAccountTokens(keys, signing, issuer, clock);
  }

  /** The issuer, which is also the audience of this API server. */
  public String issuer() {
    return issuer;
  }

  /** The time by which tokens are judged. */
  Instant now() {
    return clock.instant();
  }

  /** The public keys as {@code /openid/v1/jwks} serves them. */
  public String keySet() {
    return new JWKSet(verificationKeys).toString();
  }

  /**
   * Something that ends a token's life when it goes.
   *
   * @param kind {@code pod}, {@code secret} or {@code node}, as the claim is named
   */
  public record BoundObject(String kind, String name, String uid) {}

  /**
   * What a token says.
   *
   * @param bound further objects that must live; the first is the one it was asked for
   */
  public record Claims(
      String namespace,
      String serviceAccount,
      String uid,
      List<BoundObject> bound,
      List<String> audiences,
      Instant expiry,
      String id) {
    public Claims {
      bound = List.copyOf(bound);
      audiences = List.copyOf(audiences);
    }
  }

  /**
   * A signed token.
   *
   * @throws IllegalStateException when this server has no key to sign with
   */
  public String sign(
      String namespace,
      String serviceAccount,
      String uid,
      List<BoundObject> bound,
      List<String> audiences,
      Duration life) {
    JWK key = signingKey;
    if (key == null) {
      throw new IllegalStateException("no --service-account-signing-key-file is given");
    }
    Instant now = clock.instant();
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("namespace", namespace);
    for (BoundObject each : bound) {
      claim.put(each.kind(), Map.of("name", each.name(), "uid", each.uid()));
    }
    claim.put("serviceaccount", Map.of("name", serviceAccount, "uid", uid));
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .audience(audiences)
            .issuer(issuer)
            .subject("system:serviceaccount:" + namespace + ":" + serviceAccount)
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now))
            .expirationTime(Date.from(now.plus(life)))
            .jwtID(UUID.randomUUID().toString())
            .claim(CLAIM, claim)
            .build();
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(algorithm(key)).keyID(key.getKeyID()).build(), claims);
      token.sign(signer(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("the service-account key cannot sign", e);
    }
  }

  /** Whether a bearer token looks like one of ours, so that a bad one is refused outright. */
  boolean isOurs(String token) {
    try {
      return issuer.equals(SignedJWT.parse(token).getJWTClaimsSet().getIssuer());
    } catch (ParseException e) {
      return false;
    }
  }

  /** What a token says, if it is signed by a known key and valid now. */
  public Optional<Claims> verify(String token) {
    Claims known = verified.get(token);
    if (known != null) {
      return clock.instant().isBefore(known.expiry()) ? Optional.of(known) : Optional.empty();
    }
    Optional<Claims> claims = verifyAnew(token);
    if (claims.isPresent()) {
      if (verified.size() >= KEPT_TOKENS) {
        verified.clear();
      }
      verified.put(token, claims.get());
    }
    return claims;
  }

  private Optional<Claims> verifyAnew(String token) {
    try {
      SignedJWT signed = SignedJWT.parse(token);
      if (!signedByUs(signed)) {
        return Optional.empty();
      }
      JWTClaimsSet claims = signed.getJWTClaimsSet();
      Instant now = clock.instant();
      Date expiry = claims.getExpirationTime();
      Date start = claims.getNotBeforeTime();
      boolean valid =
          issuer.equals(claims.getIssuer())
              && expiry != null
              && now.isBefore(expiry.toInstant())
              && (start == null || !now.plusSeconds(60).isBefore(start.toInstant()));
      return valid ? read(claims) : Optional.empty();
    } catch (ParseException | JOSEException e) {
      return Optional.empty();
    }
  }

  private boolean signedByUs(SignedJWT token) throws JOSEException {
    JWSHeader header = token.getHeader();
    for (JWK key : verificationKeys) {
      boolean named = header.getKeyID() == null || header.getKeyID().equals(key.getKeyID());
      if (named && algorithm(key).equals(header.getAlgorithm()) && token.verify(verifier(key))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Claims> read(JWTClaimsSet claims) throws ParseException {
    Map<String, Object> own = claims.getJSONObjectClaim(CLAIM);
    if (own == null || !(own.get("serviceaccount") instanceof Map<?, ?> account)) {
      return Optional.empty();
    }
    List<BoundObject> bound = new ArrayList<>();
    for (String kind : List.of("pod", "secret", "node")) {
      if (own.get(kind) instanceof Map<?, ?> object) {
        bound.add(new BoundObject(kind, text(object, "name"), text(object, "uid")));
      }
    }
    String id = claims.getJWTID();
    return Optional.of(
        new Claims(
            text(own, "namespace"),
            text(account, "name"),
            text(account, "uid"),
            bound,
            claims.getAudience(),
            claims.getExpirationTime().toInstant(),
            id == null ? "" : id));
  }

  private static String text(Map<?, ?> object, String field) {
    return object.get(field) instanceof String text ? text : "";
  }

  private static JWSAlgorithm algorithm(JWK key) {
    return key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier((ECKey) key);
  }
}
