package minik8s.apiserver.metrics;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One sample of Prometheus' text format, version 0.0.4. Immutable.
 *
 * @param time when it was measured; null when the line does not say
 */
record ExpositionLine(
    String name, Map<String, String> labels, double value, @Nullable Instant time) {
  ExpositionLine {
    labels = Map.copyOf(labels);
  }

  /** Reads a line; empty for comments, blank lines and what is no sample. */
  static Optional<ExpositionLine> read(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return Optional.empty();
    }
    int open = line.indexOf('{');
    int space = line.indexOf(' ');
    boolean labelled = open >= 0 && (space < 0 || open < space);
    Map<String, String> labels = new HashMap<>();
    int end = labelled ? labels(line, open + 1, labels) : space;
    if (end < 0) {
      return Optional.empty();
    }
    String name = line.substring(0, labelled ? open : space);
    String[] rest = line.substring(end).strip().split("\\s+");
    try {
      Instant time = rest.length > 1 ? Instant.ofEpochMilli(Long.parseLong(rest[1])) : null;
      return Optional.of(new ExpositionLine(name, labels, Double.parseDouble(rest[0]), time));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Reads {@code a="b",c="d"}} and returns where the rest begins; negative when it is broken. */
  private static int labels(String line, int from, Map<String, String> into) {
    int at = from;
    while (at < line.length() && line.charAt(at) != '}') {
      int equals = line.indexOf("=\"", at);
      if (equals < 0) {
        return -1;
      }
      StringBuilder value = new StringBuilder();
      int end = value(line, equals + 2, value);
      if (end < 0) {
        return -1;
      }
      into.put(line.substring(at, equals).strip(), value.toString());
      at = end < line.length() && line.charAt(end) == ',' ? end + 1 : end;
    }
    return at < line.length() ? at + 1 : -1;
  }

  private static int value(String line, int from, StringBuilder into) {
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' && at + 1 < line.length()) {
        char escaped = line.charAt(++at);
        into.append(escaped == 'n' ? '\n' : escaped);
      } else {
        into.append(c);
      }
    }
    return -1;
  }
}
