package minik8s.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows by name, in the order in which they are measured. Stateless. */
final class Rows {
  private static final String HUNDRED = "pods100";
  private static final Map<String, Row> ALONE = alone();
  private static final Map<String, Row> AMONG_HUNDRED =
      Map.of("relist", new RelistRow(), "scrape", new ScrapeRow());
  static final List<String> NAMES =
      List.of(
          "idle",
          "command",
          "pod",
          "deployment",
          HUNDRED,
          "relist",
          "scrape",
          "api",
          "watch",
          "scheduler",
          "hpa",
          "herd");

  private Rows() {}

  private static Map<String, Row> alone() {
    return Map.of(
        "idle", new ProcessRow(),
        "command", new CommandRow(),
        "pod", new PodRow(),
        "deployment", new DeploymentRow(),
        "api", new ApiRow(),
        "watch", new WatchRow(),
        "scheduler", new ClusterRow(),
        "hpa", new AutoscalerRow(),
        "herd", new HerdRow());
  }

  /**
   * The rows of these names; those that need a hundred pods share them.
   *
   * @throws IllegalArgumentException when there is no row of a name
   */
  static Map<String, Row> of(List<String> names) {
    List<String> shared = new ArrayList<>();
    List<Row> among = new ArrayList<>();
    for (String name : names) {
      Row row = AMONG_HUNDRED.get(name);
      if (row != null) {
        among.add(row);
      }
      if (row != null || name.equals(HUNDRED)) {
        shared.add(name);
      }
    }
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String name : names) {
      Row row = ALONE.get(name);
      if (row != null) {
        rows.put(name, row);
      } else if (shared.contains(name)) {
        rows.put(String.join(", ", shared), new HundredRow(shared.contains(HUNDRED), among));
      } else {
        throw new IllegalArgumentException("no row \"" + name + "\"; rows are " + NAMES);
      }
    }
    return rows;
  }
}
