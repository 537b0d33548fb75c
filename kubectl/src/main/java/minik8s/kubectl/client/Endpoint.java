package minik8s.kubectl.client;

import java.net.URI;
import java.util.List;

/**
 * Where the API server is and who is asking, with every file already read. Immutable.
 *
 * @param server the base address
 * @param authority the certificates to trust in PEM; empty for the system's
 * @param insecure whether any certificate will do
 * @param serverName the name to expect in the certificate, or empty for the host
 * @param certificate the client's certificate chain in PEM, or empty
 * @param key the client's private key in PEM, or empty
 * @param authorization the value of the Authorization header, or empty
 * @param impersonation extra headers, alternating names and values
 * @param timeoutMillis how long one request may take; 0 for ever
 */
public record Endpoint(
    URI server,
    String authority,
    boolean insecure,
    String serverName,
    String certificate,
    String key,
    String authorization,
    List<String> impersonation,
    int timeoutMillis) {

  /** The host. */
  public String host() {
    String host = server.getHost();
    if (host == null) {
      throw KubectlException.error("parse \"" + server + "\": invalid server address");
    }
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port, by default that of the scheme. */
  public int port() {
    return server.getPort() > 0 ? server.getPort() : secure() ? 443 : 80;
  }

  /** Whether the connection is TLS. */
  public boolean secure() {
    return "https".equals(server.getScheme());
  }

  /** Host and port as in the Host header. */
  public String hostPort() {
    String authorityPart = server.getRawAuthority();
    return authorityPart == null ? host() : authorityPart;
  }

  /** The path in front of every request, without a slash at its end. */
  public String basePath() {
    String path = server.getRawPath();
    return path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
