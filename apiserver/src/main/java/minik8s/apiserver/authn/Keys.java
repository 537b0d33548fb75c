package minik8s.apiserver.authn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads RSA and EC keys from PEM files as JSON web keys. Stateless. */
final class Keys {
  private Keys() {}

  /**
   * A public or private key.
   *
   * @throws IllegalArgumentException with one clear sentence when the file holds no such key
   */
  static JWK load(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read the key file " + file + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException | JOSEException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the key file " + file + " holds no RSA or EC key in PEM (PKCS#8 or public key)", e);
    }
  }

  static JWK parse(String pem) throws GeneralSecurityException, JOSEException {
    byte[] secret = block(pem, "PRIVATE KEY");
    if (secret != null) {
      return ofPrivate(secret, pem);
    }
    byte[] open = block(pem, "PUBLIC KEY");
    if (open == null) {
      throw new IllegalArgumentException("no PRIVATE KEY and no PUBLIC KEY block");
    }
    return ofPublic(publicKey(open));
  }

  private static JWK ofPrivate(byte[] secret, String pem)
      throws GeneralSecurityException, JOSEException {
    PrivateKey key = privateKey(secret);
    if (key instanceof RSAPrivateCrtKey rsa) {
      RSAPublicKeySpec spec = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
      RSAPublicKey open = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
      return new RSAKey.Builder(open).privateKey(rsa).keyID(id(open)).build();
    }
    ECPrivateKey ec = (ECPrivateKey) key;
    byte[] given = block(pem, "PUBLIC KEY");
    ECPublicKey open =
        given != null ? (ECPublicKey) publicKey(given) : EllipticPoints.publicKey(ec);
    Curve curve = Curve.forECParameterSpec(ec.getParams());
    return new ECKey.Builder(curve, open).privateKey(ec).keyID(id(open)).build();
  }

  private static JWK ofPublic(PublicKey key) throws GeneralSecurityException {
    if (key instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).keyID(id(rsa)).build();
    }
    ECPublicKey ec = (ECPublicKey) key;
    return new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).keyID(id(ec)).build();
  }

  /** The key's id: a digest of its public form, as Kubernetes derives it. */
  private static String id(PublicKey key) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  private static PrivateKey privateKey(byte[] der) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (GeneralSecurityException notElliptic) {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    }
  }

  private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
    try {
      return KeyFactory.getInstance("EC").generatePublic(spec);
    } catch (GeneralSecurityException notElliptic) {
      return KeyFactory.getInstance("RSA").generatePublic(spec);
    }
  }

  private static byte @Nullable [] block(String pem, String label) {
    String begin = "-----BEGIN " + label + "-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      return null;
    }
    return Base64.getMimeDecoder()
        .decode(pem.substring(from + begin.length(), to).getBytes(StandardCharsets.US_ASCII));
  }
}
