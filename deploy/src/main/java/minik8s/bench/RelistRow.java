package minik8s.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What the kubelet uses of the processor while its pods only wait: its relists, mostly. */
final class RelistRow implements Row {
  private static final int SETTLE_SECONDS = 20;
  private static final int SECONDS = 30;
  private static final double BAR = 5;

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    Rest.seconds(SETTLE_SECONDS);
    double before = used(cluster);
    Rest.seconds(SECONDS);
    double share = (used(cluster) - before) / SECONDS * 100;
    return List.of(
        new Figure(
            "kubelet, " + HundredRow.PODS + " idle pods, over " + SECONDS + " s",
            String.format(Locale.ROOT, "%.1f %% of a core", share),
            "",
            "≤ 5 % of a core",
            share <= BAR));
  }

  private static double used(Cluster cluster) throws IOException {
    return ProcessRow.used(cluster, name -> name.startsWith("kubelet"));
  }
}
