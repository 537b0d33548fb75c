package minik8s.kubectl.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * A file that a web server shows to everybody, such as a result of a GPU job. Immutable; each read
 * is a request of its own.
 *
 * @param address where it is
 */
public record WebFile(URI address) {
  private static final int PATIENCE_MILLIS = 10_000;

  /** A file below an address; its name may hold anything that a path may. */
  public static WebFile below(String base, String path) {
    String folder = base.endsWith("/") ? base : base + "/";
    StringBuilder out = new StringBuilder(folder);
    for (byte one : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return new WebFile(URI.create(out.toString()));
  }

  /**
   * Copies what the file holds from an offset on.
   *
   * @return how many bytes there were; 0 also while there is no such file
   * @throws IOException when the server cannot be reached or refuses
   */
  public long copy(long from, OutputStream out) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    if (from > 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-");
    }
    int code = connection.getResponseCode();
    // Nothing new yet, or nothing at all yet.
    if (code == 416 || code == 404) {
      return 0;
    }
    if (code != 200 && code != 206) {
      throw new IOException(address + " answered " + code + " " + connection.getResponseMessage());
    }
    try (InputStream in = connection.getInputStream()) {
      if (code == 200) {
        in.skipNBytes(Math.min(from, Math.max(0, connection.getContentLengthLong())));
      }
      return in.transferTo(out);
    }
  }
}
