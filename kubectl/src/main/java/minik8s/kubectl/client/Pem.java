package minik8s.kubectl.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and private keys out of PEM text: PKCS#8, PKCS#1 and SEC 1. Stateless. */
final class Pem {
  private static final byte[] OID_EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1
  };
  private static final byte[] OID_RSA = {
    0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1
  };
  private static final byte[] NULL = {5, 0};

  private Pem() {}

  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    List<X509Certificate> out = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (Certificate one :
        factory.generateCertificates(
            new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))) {
      out.add((X509Certificate) one);
    }
    return out;
  }

  static PrivateKey privateKey(String text) throws GeneralSecurityException {
    if (text.contains("BEGIN EC PRIVATE KEY")) {
      return key("EC", fromSec1(block(text, "EC PRIVATE KEY")));
    }
    if (text.contains("BEGIN RSA PRIVATE KEY")) {
      byte[] inner = block(text, "RSA PRIVATE KEY");
      return key("RSA", pkcs8(join(OID_RSA, NULL), inner));
    }
    byte[] der = block(text, "PRIVATE KEY");
    String algorithm =
        indexOf(der, OID_EC) > 0 ? "EC" : indexOf(der, OID_RSA) > 0 ? "RSA" : "EdDSA";
    return key(algorithm, der);
  }

  private static PrivateKey key(String algorithm, byte[] der) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static byte[] block(String text, String label) throws GeneralSecurityException {
    String head = "-----BEGIN " + label + "-----";
    int from = text.indexOf(head);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new GeneralSecurityException("no " + label + " in the PEM data");
    }
    return Base64.getMimeDecoder().decode(text.substring(from + head.length(), to));
  }

  /** The curve's name stands inside a SEC 1 key under the tag [0]. */
  private static byte[] fromSec1(byte[] sec1) throws GeneralSecurityException {
    for (int i = 2; i + 3 < sec1.length; i++) {
      boolean tagged = (sec1[i] & 0xff) == 0xa0 && sec1[i + 2] == 0x06;
      if (tagged && sec1[i + 1] == sec1[i + 3] + 2) {
        byte[] curve = new byte[sec1[i + 1]];
        System.arraycopy(sec1, i + 2, curve, 0, curve.length);
        return pkcs8(join(OID_EC, curve), sec1);
      }
    }
    throw new GeneralSecurityException("the EC private key does not name its curve");
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    byte[] version = {2, 1, 0};
    return tagged(0x30, join(version, join(tagged(0x30, algorithm), tagged(0x04, key))));
  }

  private static byte[] tagged(int tag, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (body.length < 128) {
      out.write(body.length);
    } else if (body.length < 256) {
      out.write(0x81);
      out.write(body.length);
    } else {
      out.write(0x82);
      out.write(body.length >> 8);
      out.write(body.length);
    }
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] out = new byte[a.length + b.length];
    System.arraycopy(a, 0, out, 0, a.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (java.util.Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
