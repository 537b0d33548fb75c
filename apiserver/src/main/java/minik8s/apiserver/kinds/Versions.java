package minik8s.apiserver.kinds;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of API versions: stable before beta before alpha, higher numbers first, anything else
 * last by name. Stateless.
 *
 * <p>Source: Kubernetes' {@code version.CompareKubeAwareVersionStrings}.
 */
final class Versions {
  private static final Pattern FORM = Pattern.compile("v([0-9]+)(?:(alpha|beta)([0-9]+))?");

  private record Rank(int stability, long major, long minor) {}

  static final Comparator<String> NEWEST_FIRST =
      Comparator.comparing(
              Versions::rank,
              Comparator.comparingInt(Rank::stability)
                  .thenComparingLong(Rank::major)
                  .thenComparingLong(Rank::minor)
                  .reversed())
          .thenComparing(Comparator.naturalOrder());

  private Versions() {}

  private static Rank rank(String version) {
    Matcher m = FORM.matcher(version);
    if (!m.matches() || version.length() > 30) {
      return new Rank(0, 0, 0);
    }
    String stage = m.group(2);
    int stability = stage == null ? 3 : stage.equals("beta") ? 2 : 1;
    String minor = m.group(3);
    return new Rank(
        stability, Long.parseLong(m.group(1)), minor == null ? 0 : Long.parseLong(minor));
  }
}
