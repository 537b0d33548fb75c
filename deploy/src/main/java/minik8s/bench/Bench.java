package minik8s.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final int NAMESPACE_SECONDS = 60;

  @Option(names = "--home", required = true, description = "the cluster's state directory")
  @SuppressWarnings("NullAway.Init")
  private Path home;

  @Option(
      names = "--rows",
      split = ",",
      description =
          "only these of: idle, command, pod, deployment, pods100, relist, scrape, api, watch,"
              + " scheduler, hpa, herd")
  private @Nullable List<String> only;

  @Option(names = "--json", description = "print JSON, one object a line")
  private boolean json;

  /** Exits 0 when measured, whatever the figures; 1 when something could not be measured. */
  public static void main(String[] args) {
    Daemon.main(new Bench(), args);
  }

  @Override
  public Integer call() throws IOException {
    Cluster cluster = Cluster.open(home);
    Map<String, Row> rows = Rows.of(only == null ? Rows.NAMES : only);
    makeNamespace(cluster);
    boolean all = true;
    List<Figure> figures = new ArrayList<>();
    try {
      for (Map.Entry<String, Row> row : rows.entrySet()) {
        all &= measure(cluster, row.getKey(), row.getValue(), figures);
      }
    } finally {
      try (Wire wire = cluster.wire()) {
        wire.call("DELETE", "/api/v1/namespaces/" + Objects.NAMESPACE, null);
      }
    }
    print(System.out, figures);
    return all ? 0 : 1;
  }

  /** One that an earlier run has left is still going: it is waited for. */
  private static void makeNamespace(Cluster cluster) throws IOException {
    for (int i = 0; i < NAMESPACE_SECONDS; i++) {
      try (Wire wire = cluster.wire()) {
        if (wire.call("POST", "/api/v1/namespaces", Objects.namespace()).code() == 201) {
          return;
        }
      }
      Rest.seconds(1);
    }
    throw new IOException("there is a namespace " + Objects.NAMESPACE + " that does not go away");
  }

  /** Measures one row; a row that fails is said on stderr and does not end the others. */
  private static boolean measure(Cluster cluster, String name, Row row, List<Figure> figures) {
    long begin = System.nanoTime();
    System.err.printf("measuring %s …%n", name);
    try {
      figures.addAll(row.measure(cluster));
      System.err.printf("measured %s in %.0f s%n", name, (System.nanoTime() - begin) / 1e9);
      return true;
    } catch (IOException | UncheckedIOException | ApiException e) {
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
