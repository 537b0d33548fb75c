package minik8s.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import minik8s.api.ApiException;
import minik8s.api.codec.Json;
import minik8s.daemon.Daemon;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a running cluster and prints one table, each figure beside its baseline. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures a running cluster beside its baselines.")
public final class Bench implements Callable<Integer> {
  private static final Map<String, Row> ROWS = rows();

  @Option(names = "--home", required = true, description = "the cluster's state directory")
  @SuppressWarnings("NullAway.Init")
  private Path home;

  @Option(
      names = "--rows",
      split = ",",
      description = "only these of: idle, command, pod, deployment, api, watch, scheduler, scrape")
  private @Nullable List<String> only;

  @Option(names = "--json", description = "print JSON, one object a line")
  private boolean json;

  /** Exits 0 when measured, whatever the figures; 1 when something could not be measured. */
  public static void main(String[] args) {
    Daemon.main(new Bench(), args);
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("idle", new ProcessRow());
    rows.put("command", new CommandRow());
    rows.put("pod", new PodRow());
    rows.put("deployment", new DeploymentRow());
    rows.put("api", new ApiRow());
    rows.put("watch", new WatchRow());
    rows.put("scheduler", new ClusterRow());
    rows.put("scrape", new ScrapeRow());
    return rows;
  }

  @Override
  public Integer call() throws IOException {
    Cluster cluster = Cluster.open(home);
    List<String> chosen = only == null ? List.copyOf(ROWS.keySet()) : only;
    for (String name : chosen) {
      if (!ROWS.containsKey(name)) {
        throw new IllegalArgumentException("no row \"" + name + "\"; rows are " + ROWS.keySet());
      }
    }
    try (Wire wire = cluster.wire()) {
      wire.call("POST", "/api/v1/namespaces", Objects.namespace());
    }
    boolean all = true;
    List<Figure> figures = new ArrayList<>();
    try {
      for (String name : chosen) {
        all &= measure(cluster, name, figures);
      }
    } finally {
      try (Wire wire = cluster.wire()) {
        wire.call("DELETE", "/api/v1/namespaces/" + Objects.NAMESPACE, null);
      }
    }
    print(System.out, figures);
    return all ? 0 : 1;
  }

  /** Measures one row; a row that fails is said on stderr and does not end the others. */
  @SuppressWarnings("NullAway") // chosen names were checked
  private static boolean measure(Cluster cluster, String name, List<Figure> figures) {
    long begin = System.nanoTime();
    System.err.printf("measuring %s …%n", name);
    try {
      figures.addAll(ROWS.get(name).measure(cluster));
      System.err.printf("measured %s in %.0f s%n", name, (System.nanoTime() - begin) / 1e9);
      return true;
    } catch (IOException | ApiException e) {
      System.err.printf("could not measure %s: %s%n", name, e.getMessage());
      figures.add(Figure.report(name, "not measured: " + e.getMessage(), ""));
      return false;
    }
  }

  private void print(PrintStream out, List<Figure> figures) {
    if (json) {
      figures.forEach(figure -> out.println(Json.string(figure)));
      return;
    }
    int what = width(figures.stream().map(Figure::what).toList(), "FIGURE");
    int measured = width(figures.stream().map(Figure::measured).toList(), "MEASURED");
    int baseline = width(figures.stream().map(Figure::baseline).toList(), "BASELINE");
    String format = "%-" + what + "s  %-" + measured + "s  %-" + baseline + "s  %s%n";
    out.printf(format, "FIGURE", "MEASURED", "BASELINE", "BAR");
    for (Figure figure : figures) {
      String verdict = figure.met() == null ? "" : figure.met() ? "  met" : "  MISSED";
      out.printf(
          format, figure.what(), figure.measured(), figure.baseline(), figure.bar() + verdict);
    }
  }

  private static int width(List<String> texts, String header) {
    return texts.stream().mapToInt(String::length).reduce(header.length(), Math::max);
  }
}
