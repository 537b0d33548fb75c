package minik8s.kubelet.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** Reading the kernel's small text files. Stateless. */
final class Texts {
  private Texts() {}

  /** A file's text; empty when it is absent or cannot be read, as when a container just ended. */
  static String read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** The number that a text begins with; 0 without one, {@link Long#MAX_VALUE} for one too big. */
  static long number(String text) {
    return number(text, 0);
  }

  private static long number(String text, int from) {
    int end = from;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    if (end == from) {
      return 0;
    }
    return end - from > 18 ? Long.MAX_VALUE : Long.parseLong(text, from, end, 10);
  }

  /** The value behind a key, in lines of {@code key value}; 0 when there is none. */
  static long field(String text, String key) {
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(key, at)
          && at + key.length() < text.length()
          && text.charAt(at + key.length()) == ' ') {
        return number(text, at + key.length() + 1);
      }
      int next = text.indexOf('\n', at);
      at = next < 0 ? text.length() : next + 1;
    }
    return 0;
  }

  /** Whether a key stands at the beginning of a line. */
  static boolean has(String text, String key) {
    return text.startsWith(key + " ") || text.contains("\n" + key + " ");
  }

  /** The words of a line. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line, " \t");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }
}
