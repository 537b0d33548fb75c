package minik8s.gpu;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Kubernetes writes them: {@code 5m}, {@code 1m30s}, {@code 500ms}. Stateless. */
public final class GoDurations {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");
  private static final Map<String, Double> MILLIS =
      Map.of("h", 3_600_000.0, "m", 60_000.0, "s", 1_000.0, "ms", 1.0);

  private GoDurations() {}

  /** The duration, or the fallback where the text is no duration longer than nothing. */
  public static Duration parse(String text, Duration fallback) {
    Matcher part = PART.matcher(text);
    double millis = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      millis += Double.parseDouble(part.group(1)) * MILLIS.getOrDefault(part.group(2), 0.0);
      end = part.end();
    }
    return end == 0 || end != text.length() || millis < 1
        ? fallback
        : Duration.ofMillis(Math.round(millis));
  }

  /** Whole seconds in the same words, such as {@code 1h2m3s}. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutesPart() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    if (duration.toSecondsPart() > 0 || text.isEmpty()) {
      text.append(duration.toSecondsPart()).append('s');
    }
    return text.toString();
  }
}
