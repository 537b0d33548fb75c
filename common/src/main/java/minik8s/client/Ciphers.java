package minik8s.client;

import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The order in which a JVM without the optimizing compiler wants its cipher suites: only that
 * compiler knows the processor's AES instructions, and without them AES-GCM takes 300 µs for 4 kB
 * where ChaCha20 takes 65 (docs/adr/0031-small-jvms.md).
 */
public final class Ciphers {
  private static final String LIGHT = "TLS_CHACHA20_POLY1305_SHA256";

  private Ciphers() {}

  /** The context's own suites, the light one first. */
  public static String[] lightFirst(SSLContext context) {
    String[] usual = context.getDefaultSSLParameters().getCipherSuites();
    return Stream.concat(Stream.of(LIGHT), Stream.of(usual)).distinct().toArray(String[]::new);
  }

  /** The context's own parameters, with the light suite first. */
  public static SSLParameters parameters(SSLContext context) {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setCipherSuites(lightFirst(context));
    return parameters;
  }
}
