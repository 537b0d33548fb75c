package minik8s.apiserver.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Status line and headers of an HTTP/1.1 answer. Immutable.
 *
 * @param code the status code
 * @param headers in order, names as they came
 */
record ResponseHead(int code, List<Header> headers) {
  private static final int LIMIT = 64 * 1024;

  record Header(String name, String value) {}

  ResponseHead {
    headers = List.copyOf(headers);
  }

  /** Reads up to and including the empty line. */
  static ResponseHead read(InputStream in) throws IOException {
    String status = line(in);
    String[] parts = status.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
      throw new IOException("not an HTTP answer: " + status);
    }
    List<Header> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(
            new Header(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
      }
    }
    return new ResponseHead(Integer.parseInt(parts[1]), headers);
  }

  /** One line without its end. */
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0) {
        throw new EOFException("the connection ended in the middle of an answer");
      }
      if (line.size() > LIMIT) {
        throw new IOException("header line too long");
      }
      line.write(read);
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** The first value of a header, or the empty string. */
  String value(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return "";
  }
}
