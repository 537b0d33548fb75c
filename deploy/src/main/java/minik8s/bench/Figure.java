package minik8s.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table. Immutable.
 *
 * @param what is measured
 * @param measured our figure, with its unit
 * @param baseline what it is held against in the same run; empty where there is none
 * @param bar what we want; empty where the figure is only reported
 * @param met whether the bar is met; null where there is none
 */
record Figure(String what, String measured, String baseline, String bar, @Nullable Boolean met) {
  /** A figure that is only reported. */
  static Figure report(String what, String measured, String aim) {
    return new Figure(what, measured, "", aim, null);
  }

  static String ms(double seconds) {
    return String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
  }

  static String s(double seconds) {
    return String.format(Locale.ROOT, "%.2f s", seconds);
  }

  static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f /s", rate);
  }

  static String mb(double bytes) {
    return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
  }
}
