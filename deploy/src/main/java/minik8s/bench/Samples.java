package minik8s.bench;

import java.util.Arrays;

/** Durations in seconds, sorted for quantiles. Immutable. */
final class Samples {
  private final double[] sorted;

  private Samples(double[] sorted) {
    this.sorted = sorted;
  }

  static Samples of(double[] values) {
    double[] copy = values.clone();
    Arrays.sort(copy);
    return new Samples(copy);
  }

  int count() {
    return sorted.length;
  }

  double median() {
    return quantile(0.5);
  }

  /** The smallest value that at least the share {@code q} of all values does not exceed. */
  double quantile(double q) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int index = (int) Math.ceil(q * sorted.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)];
  }

  double max() {
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
  }
}
