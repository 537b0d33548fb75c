package minik8s.daemon;

import java.util.List;
import java.util.function.Consumer;

/**
 * Prometheus' text form in the making: series are grouped under their metric. Confined to the
 * thread that fills it.
 */
public final class Exposition {
  /** What a page of it is. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder(64 * 1024);
  private String name = "";

  /** Begins a metric; the series that follow are its. */
  public Exposition metric(String metric, String type, String help) {
    name = metric;
    text.append("# HELP ").append(metric).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
    return this;
  }

  /** A metric with one series for each of several things. */
  public <T> void each(
      String metric, String type, String help, List<T> things, Consumer<T> series) {
    metric(metric, type, help);
    things.forEach(series);
  }

  /**
   * A series of the current metric.
   *
   * @param labels as {@link #labels} wrote them; may be empty
   */
  public Exposition series(String labels, double value) {
    head(labels);
    value(value);
    text.append('\n');
    return this;
  }

  /**
   * A series with the moment that its value is of.
   *
   * @param millis since the epoch
   */
  public Exposition series(String labels, double value, long millis) {
    head(labels);
    value(value);
    text.append(' ').append(millis).append('\n');
    return this;
  }

  /** A series of whole numbers. */
  public Exposition series(String labels, long value) {
    head(labels);
    text.append(value).append('\n');
    return this;
  }

  /** A series of whole numbers with the moment that its value is of. */
  public Exposition series(String labels, long value, long millis) {
    head(labels);
    text.append(value).append(' ').append(millis).append('\n');
    return this;
  }

  private void head(String labels) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ');
  }

  private void value(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      text.append((long) value);
    } else {
      text.append(value);
    }
  }

  /** Joins {@code name, value, name, value…} into what stands between the braces. */
  public static String labels(String... pairs) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      labels.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"");
      escape(pairs[i + 1], labels);
      labels.append('"');
    }
    return labels.toString();
  }

  private static void escape(String value, StringBuilder into) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> into.append("\\\\");
        case '"' -> into.append("\\\"");
        case '\n' -> into.append("\\n");
        default -> into.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
