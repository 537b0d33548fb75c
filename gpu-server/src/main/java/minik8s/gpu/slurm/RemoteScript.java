package minik8s.gpu.slurm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * The script that is all we run on a login host: the administrator's environment, then {@code
 * remote.sh}. Named after its content, so that another version never replaces one in use.
 * Immutable.
 */
record RemoteScript(String name, String text) {
  /** The script for a cluster's environment lines. */
  static RemoteScript of(List<String> environment) {
    String text = "#!/bin/bash\n" + String.join("\n", environment) + "\n" + body();
    return new RemoteScript(
        "minik8s-" + Checksums.sha256(text.getBytes(UTF_8)).substring(0, 16) + ".sh", text);
  }

  private static String body() {
    try (InputStream in = RemoteScript.class.getResourceAsStream("remote.sh")) {
      return new String(Objects.requireNonNull(in, "remote.sh").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
