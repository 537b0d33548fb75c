package minik8s.kubectl.client;

import javax.net.ssl.SSLException;

/** TLS failures in the words of Go's library, which users know to search for. Stateless. */
final class Failures {
  private Failures() {}

  static String tls(SSLException e) {
    String text = String.valueOf(e.getMessage());
    if (text.contains("unable to find valid certification path") || text.contains("PKIX path")) {
      return "failed to verify certificate: x509: certificate signed by unknown authority";
    }
    if (text.contains("No subject alternative")) {
      return "failed to verify certificate: x509: " + text;
    }
    if (text.contains("plaintext connection") || text.contains("Unsupported or unrecognized")) {
      return "first record does not look like a TLS handshake";
    }
    if (text.contains("bad_certificate") || text.contains("certificate_unknown")) {
      return "the server refused the client's certificate: " + text;
    }
    return text;
  }
}
