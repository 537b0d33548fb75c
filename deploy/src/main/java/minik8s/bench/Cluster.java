package minik8s.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import minik8s.client.Api;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;

/**
 * The running cluster under measurement. Immutable.
 *
 * @param home its state directory
 * @param settings what the launcher remembered in config.env
 */
record Cluster(Path home, Map<String, String> settings, KubeConfig config, Api api) {
  /**
   * Reads a home.
   *
   * @throws IllegalArgumentException with a sentence for the user when there is no cluster
   */
  static Cluster open(Path home) throws IOException {
    Path file = home.resolve("config.env");
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "there is no cluster in " + home + "; start one with: deploy/minik8s up");
    }
    Map<String, String> settings = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    KubeConfig config = KubeConfig.read(home.resolve("admin.conf"));
    return new Cluster(home, settings, config, new HttpApi(config, "minik8s-bench", (_, _) -> {}));
  }

  URI server() {
    return config.server();
  }

  SSLContext tls() {
    return config.tls();
  }

  Wire wire() throws IOException {
    return Wire.tls(server(), tls());
  }

  /** The process id of a daemon, as the launcher noted it. */
  long pid(String daemon) throws IOException {
    String text = Files.readString(home.resolve("run").resolve(daemon + ".pid")).trim();
    return Long.parseLong(text.split("\\s+")[0]);
  }
}
