package minik8s.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A bearer token that somebody else keeps fresh in a file, as the kubelet does for pods. Read anew
 * each time, for it is short and its file lies in memory; while it cannot be read, the last one
 * counts. Thread-safe.
 */
final class TokenFile implements Supplier<String> {
  private final Path file;
  private volatile String last;

  /**
   * @param first the token until the file could be read once; empty for none
   */
  TokenFile(Path file, String first) {
    this.file = file;
    this.last = first;
  }

  @Override
  public String get() {
    try {
      String token = Files.readString(file).strip();
      if (!token.isEmpty()) {
        last = token;
      }
    } catch (IOException e) {
      // Being replaced, or gone with the pod: the server will say whether the last one still holds.
    }
    return last;
  }
}
