package minik8s.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys in PEM form, and the TLS contexts made of them. Stateless.
 *
 * <p>Keys are unencrypted PKCS#8, EC or RSA, as the launcher's PKI makes them.
 */
public final class Pem {
  private static final char[] NO_PASSWORD = new char[0];

  private Pem() {}

  /**
   * The certificates of a PEM text, in order.
   *
   * @throws IllegalArgumentException when there is none or one is malformed
   */
  public static List<Certificate> certificates(byte[] pem) {
    try {
      List<Certificate> found =
          List.copyOf(
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(new ByteArrayInputStream(pem)));
      if (found.isEmpty()) {
        throw new IllegalArgumentException("holds no certificate");
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("holds a malformed certificate: " + e.getMessage(), e);
    }
  }

  /**
   * The private key of a PEM text.
   *
   * @throws IllegalArgumentException when it is not an unencrypted PKCS#8 key, EC or RSA
   */
  public static PrivateKey privateKey(byte[] pem) {
    String text = new String(pem, StandardCharsets.US_ASCII);
    int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
    int end = text.indexOf("-----END PRIVATE KEY-----");
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("holds no PKCS#8 private key (BEGIN PRIVATE KEY)");
    }
    byte[] der =
        Base64.getMimeDecoder()
            .decode(text.substring(begin + "-----BEGIN PRIVATE KEY-----".length(), end));
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        // not of this algorithm; the next may fit
      }
    }
    throw new IllegalArgumentException("holds a private key that is neither EC nor RSA");
  }

  /**
   * Reads a PEM file.
   *
   * @throws IllegalArgumentException naming the file when it can't be read
   */
  public static byte[] file(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read " + path + ": " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  /**
   * A TLS context.
   *
   * @param ca the certificates to trust; null for the JDK's own
   * @param certificate the chain to present; null for none
   * @param key its key; null for none
   */
  public static SSLContext context(
      byte @Nullable [] ca, byte @Nullable [] certificate, byte @Nullable [] key) {
    try {
      KeyManager[] keys = certificate == null || key == null ? null : keys(certificate, key);
      TrustManager[] trust = ca == null ? null : trust(ca);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS set-up failed: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] keys(byte[] certificate, byte[] key)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        "own", privateKey(key), NO_PASSWORD, certificates(certificate).toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(byte[] ca) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int index = 0;
    for (Certificate certificate : certificates(ca)) {
      store.setCertificateEntry("ca" + index++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
