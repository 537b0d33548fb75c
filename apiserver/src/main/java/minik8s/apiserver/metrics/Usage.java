package minik8s.apiserver.metrics;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import minik8s.apiserver.metrics.NodeSample.Point;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What something used over a span of time. Immutable.
 *
 * @param time the end of the span
 * @param window its length
 * @param cores processors used on average
 * @param memoryBytes the working set at the end
 */
record Usage(Instant time, Duration window, double cores, double memoryBytes) {
  /**
   * The usage between two measurements. Where the earlier is missing, or is of a counter that began
   * anew since, the span begins with the counter. Source: metrics-server's {@code storage/types}.
   */
  static Optional<Usage> between(@Nullable Point before, Point now) {
    Instant started = now.started();
    boolean same =
        before != null
            && before.cpuSeconds() <= now.cpuSeconds()
            && (started == null || !started.isAfter(before.time()));
    Instant from = same && before != null ? before.time() : started;
    if (from == null || !from.isBefore(now.time())) {
      return Optional.empty();
    }
    double spent = now.cpuSeconds() - (same && before != null ? before.cpuSeconds() : 0);
    Duration window = Duration.between(from, now.time());
    double cores = spent / (window.toNanos() / 1e9);
    return Optional.of(new Usage(now.time(), window, cores, now.memoryBytes()));
  }

  /** Writes {@code cpu} and {@code memory} as metrics-server does. */
  void write(ObjectNode usage) {
    usage.put("cpu", Math.round(cores * 1e9) + "n");
    usage.put("memory", Math.round(memoryBytes / 1024) + "Ki");
  }

  /** The window as Go writes durations, such as {@code 10.062s} or {@code 1m0s}. */
  String windowText() {
    long minutes = window.toMinutes();
    BigDecimal seconds =
        BigDecimal.valueOf(window.minusMinutes(minutes).toMillis()).movePointLeft(3);
    String text = seconds.stripTrailingZeros().toPlainString() + "s";
    return minutes == 0 ? text : minutes + "m" + text;
  }
}
