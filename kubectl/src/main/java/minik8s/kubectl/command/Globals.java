package minik8s.kubectl.command;

import java.util.Set;

/** The flags that every verb understands. Stateless. */
public final class Globals {
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--as",
          "--as-group",
          "--as-uid",
          "--cache-dir",
          "--certificate-authority",
          "--client-certificate",
          "--client-key",
          "--cluster",
          "--context",
          "--kubeconfig",
          "--namespace",
          "-n",
          "--password",
          "--profile",
          "--profile-output",
          "--request-timeout",
          "--server",
          "-s",
          "--tls-server-name",
          "--token",
          "--user",
          "--username",
          "-v",
          "--v",
          "--vmodule",
          "--log-flush-frequency");

  private Globals() {}

  /** Whether the flag takes its value from the next word. */
  static boolean takesValue(String word) {
    return WITH_VALUE.contains(word);
  }

  static void declare(Flags flags) {
    flags
        .text("--as", "", "Username to impersonate for the operation.")
        .list("--as-group", "Group to impersonate for the operation, may be repeated.")
        .text("--as-uid", "", "UID to impersonate for the operation.")
        .text("--cache-dir", "", "Default cache directory.")
        .text("--certificate-authority", "", "Path to a cert file for the certificate authority.")
        .text("--client-certificate", "", "Path to a client certificate file for TLS.")
        .text("--client-key", "", "Path to a client key file for TLS.")
        .text("--cluster", "", "The name of the kubeconfig cluster to use.")
        .text("--context", "", "The name of the kubeconfig context to use.")
        .bool("--disable-compression", "If true, opt-out of response compression.")
        .bool("--insecure-skip-tls-verify", "If true, the server's certificate is not checked.")
        .text("--kubeconfig", "", "Path to the kubeconfig file to use for CLI requests.")
        .text("--log-flush-frequency", "5s", "Accepted and ignored.")
        .bool("--match-server-version", "Require server version to match client version.")
        .text("-n --namespace", "", "If present, the namespace scope for this CLI request.")
        .text("--password", "", "Password for basic authentication to the API server.")
        .text("--profile", "none", "Accepted and ignored.")
        .text("--profile-output", "profile.pprof", "Accepted and ignored.")
        .text("--request-timeout", "0", "How long to wait before giving up on one request.")
        .text("-s --server", "", "The address and port of the Kubernetes API server.")
        .text("--tls-server-name", "", "Server name to use for certificate validation.")
        .text("--token", "", "Bearer token for authentication to the API server.")
        .text("--user", "", "The name of the kubeconfig user to use.")
        .text("--username", "", "Username for basic authentication to the API server.")
        .text("-v --v", "0", "Number for the log level verbosity.")
        .text("--vmodule", "", "Accepted and ignored.")
        .bool("--warnings-as-errors", "Treat warnings from the server as errors.");
  }
}
