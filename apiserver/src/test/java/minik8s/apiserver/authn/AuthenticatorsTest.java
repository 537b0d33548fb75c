package minik8s.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.FakeLookup;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AuthenticatorsTest {
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIB2DCCAX2gAwIBAgIUMxwY4s2XOKhEGxS2MKObQln6ZtEwCgYIKoZIzj0EAwIw
      QDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMQ4wDAYDVQQKDAVleHRyYTEXMBUGA1UE
      AwwOc3lzdGVtOm5vZGU6bjEwIBcNMjYxMTIzMjE1NjM5WhgPMjEyNjEwMzAyMTU2
      MzlaMEAxFTATBgNVBAoMDHN5c3RlbTpub2RlczEOMAwGA1UECgwFZXh0cmExFzAV
      BgNVBAMMDnN5c3RlbTpub2RlOm4xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
      pbLw3b25BVQQIAOqzmrrwH5VCdDj8BIuj1Rybxw2laQSNpSdIqPB2CO1zh9SM7io
      dcijr1AuOQ4KSAog3qRLQaNTMFEwHQYDVR0OBBYEFGhVXpqxk0gNwFfKBByDFBb5
      gpc3MB8GA1UdIwQYMBaAFGhVXpqxk0gNwFfKBByDFBb5gpc3MA8GA1UdEwEB/wQF
      MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAK+htghOgM3BCzwhpk/Xsjm/U6pksK+n
      Yf5j+qarZU+8AiEAuXVJnXS467eVsY991j3j15cUq9oTZOA2RWkPbIOVD3I=
      -----END CERTIFICATE-----
      """;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ISSUER = "https://kubernetes.default.svc";

  private final FakeLookup lookup =
      new FakeLookup()
          .with(
              "",
              "serviceaccounts",
              "{\"metadata\":{\"name\":\"bot\",\"namespace\":\"ns\",\"uid\":\"u1\"}}")
          .with("", "pods", "{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"uid\":\"u2\"}}");

  private static KeyPair keyPair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    } else {
      generator.initialize(2048);
    }
    return generator.generateKeyPair();
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der),
            label);
  }

  private static JWK key(String algorithm) throws Exception {
    return Keys.parse(pem("PRIVATE KEY", keyPair(algorithm).getPrivate().getEncoded()));
  }

  private static ServiceAccountTokens tokens(JWK key, Instant now) {
    return ServiceAccountTokens.of(List.of(), key, ISSUER, InstantSource.fixed(now));
  }

  private static Credentials bearer(String token) {
    return new Credentials(List.of(), token);
  }

  private static void assertUnauthorized(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Failure.Reason.Unauthorized)).isTrue());
  }

  @Test
  void knowsUsersByTheirCertificate() throws CertificateException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));

    User user =
        new ClientCertificates()
            .authenticate(new Credentials(List.of(certificate), null))
            .orElseThrow();

    assertThat(user.name()).isEqualTo("system:node:n1");
    assertThat(user.groups())
        .containsExactlyInAnyOrder("system:nodes", "extra", "system:authenticated");
  }

  @Test
  void knowsUsersByTheTokensOfAFile() {
    StaticTokens tokens =
        StaticTokens.parse(List.of("s3cret,alice,1,\"dev,ops\"", "", "# note", "t2,bob,2"));

    User alice = tokens.authenticate(bearer("s3cret")).orElseThrow();
    assertThat(alice.name()).isEqualTo("alice");
    assertThat(alice.groups()).containsExactly("dev", "ops", "system:authenticated");
    assertThat(tokens.authenticate(bearer("t2"))).isPresent();
    assertThat(tokens.authenticate(bearer("other"))).isEmpty();
    assertThatThrownBy(() -> StaticTokens.parse(List.of("lonely")))
        .hasMessage("line 1 of the token file must be token,user,uid[,\"group1,group2\"]");
  }

  @Test
  void refusesUnknownTokensButNotTheirAbsence(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokens"), "good,alice,1\n");
    Authenticator all = Authenticators.standard(file, null, lookup);

    assertThat(all.authenticate(bearer("good"))).isPresent();
    assertThat(all.authenticate(Credentials.NONE)).isEmpty();
    assertUnauthorized(() -> all.authenticate(bearer("bad")));
    assertThat(Credentials.of(List.of(), "bearer  x").bearerToken()).isEqualTo("x");
    assertThat(Credentials.of(List.of(), "Basic x").bearerToken()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void knowsServiceAccountsByTheirTokens(String algorithm) throws Exception {
    ServiceAccountTokens tokens = tokens(key(algorithm), NOW);
    String token = tokens.sign("ns", "bot", "u1", List.of(), List.of(ISSUER), Duration.ofHours(1));

    User user =
        new ServiceAccountAuthenticator(tokens, lookup).authenticate(bearer(token)).orElseThrow();

    assertThat(user.name()).isEqualTo("system:serviceaccount:ns:bot");
    assertThat(user.uid()).isEqualTo("u1");
    assertThat(user.groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated");
  }

  @Test
  void refusesTokensThatAreLateForeignOrForOthers() throws Exception {
    JWK key = key("EC");
    String token =
        tokens(key, NOW).sign("ns", "bot", "u1", List.of(), List.of(ISSUER), Duration.ofHours(1));
    String foreign =
        tokens(key("EC"), NOW)
            .sign("ns", "bot", "u1", List.of(), List.of(ISSUER), Duration.ofHours(1));
    String others =
        tokens(key, NOW).sign("ns", "bot", "u1", List.of(), List.of("vault"), Duration.ofHours(1));
    var late = new ServiceAccountAuthenticator(tokens(key, NOW.plusSeconds(3601)), lookup);
    var onTime = new ServiceAccountAuthenticator(tokens(key, NOW.plusSeconds(3599)), lookup);

    assertThat(onTime.authenticate(bearer(token))).isPresent();
    assertUnauthorized(() -> late.authenticate(bearer(token)));
    assertUnauthorized(() -> onTime.authenticate(bearer(foreign)));
    assertUnauthorized(() -> onTime.authenticate(bearer(others)));
    assertUnauthorized(
        () -> onTime.authenticate(bearer(token.substring(0, token.length() - 6) + "AAAAAA")));
    assertThat(onTime.authenticate(bearer("not.a.jwt"))).isEmpty();
  }

  @Test
  void endsTokensWithWhatTheyAreBoundTo() throws Exception {
    ServiceAccountTokens tokens = tokens(key("EC"), NOW);
    ObjectNode request =
        (ObjectNode)
            Json.parse(
                """
                {"spec":{"expirationSeconds":3607,
                  "boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p","uid":"u2"}}}
                """);
    JsonNode answer = new TokenRequests(tokens, lookup).answer("ns", "bot", request);
    String token = answer.at("/status/token").asString("");
    var authenticator = new ServiceAccountAuthenticator(tokens, lookup);

    assertThat(answer.at("/status/expirationTimestamp").asString())
        .isEqualTo("2026-01-01T01:00:07Z");
    assertThat(answer.at("/spec/audiences/0").asString()).isEqualTo(ISSUER);
    assertThat(authenticator.authenticate(bearer(token)).orElseThrow().extra())
        .containsEntry("authentication.kubernetes.io/pod-name", List.of("p"));

    lookup.without("", "pods", "ns", "p");
    assertUnauthorized(() -> authenticator.authenticate(bearer(token)));
  }

  @Test
  void refusesTokenRequestsThatMakeNoSense() throws Exception {
    TokenRequests requests = new TokenRequests(tokens(key("EC"), NOW), lookup);

    assertThatThrownBy(() -> requests.answer("ns", "nobody", Json.object()))
        .hasMessage("serviceaccounts \"nobody\" not found");
    assertThatThrownBy(
            () -> requests.answer("ns", "bot", Json.parse("{\"spec\":{\"expirationSeconds\":10}}")))
        .hasMessageEndingWith(
            "spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10"
                + " minutes");
    assertThatThrownBy(() ->
            requests.answer(
                "ns",
                "bot",
                Json.parse(
                    """
                    {"spec":{"boundObjectRef":{"kind":"Pod","name":"p","uid":"zzz"}}}
                    """)))
        .hasMessageContaining("does not match the UID in record");
  }

  @Test
  void derivesThePublicHalfOfAnEllipticKey() throws Exception {
    KeyPair pair = keyPair("EC");

    assertThat(EllipticPoints.publicKey((ECPrivateKey) pair.getPrivate()).getW())
        .isEqualTo(((java.security.interfaces.ECPublicKey) pair.getPublic()).getW());
    assertThat(Keys.parse(pem("PUBLIC KEY", pair.getPublic().getEncoded())).getKeyID())
        .isEqualTo(Keys.parse(pem("PRIVATE KEY", pair.getPrivate().getEncoded())).getKeyID());
  }

  @Test
  void saysWhichKeyFileIsUnusable(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("sa.key"), "nothing");

    assertThatThrownBy(
            () -> ServiceAccountTokens.load(List.of(), file, ISSUER, InstantSource.fixed(NOW)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sa.key holds no RSA or EC key");
  }
}
