package minik8s.controller;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as Kubernetes' flags write them: {@code 40s}, {@code 1m30s}, {@code 500ms}. */
final class GoDuration implements ITypeConverter<Duration> {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");
  private static final Map<String, Double> MILLIS =
      Map.of("h", 3_600_000.0, "m", 60_000.0, "s", 1_000.0, "ms", 1.0);

  @Override
  public Duration convert(String value) {
    Matcher part = PART.matcher(value);
    double millis = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      millis += Double.parseDouble(part.group(1)) * MILLIS.getOrDefault(part.group(2), 0.0);
      end = part.end();
    }
    if (end == 0 || end != value.length()) {
      throw new TypeConversionException(
          "\"" + value + "\" is no duration such as 40s, 1m30s or 500ms");
    }
    return Duration.ofMillis(Math.round(millis));
  }
}
