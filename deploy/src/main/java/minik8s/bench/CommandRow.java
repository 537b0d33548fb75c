package minik8s.bench;

import static minik8s.bench.Figure.s;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whole commands as a user types them: our kubectl and the Go one. The command lines come from the
 * launcher as system properties {@code bench.kubectl} and {@code bench.go-kubectl}, and so do the
 * microseconds that {@code up} took ({@code bench.up}).
 */
final class CommandRow implements Row {
  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    List<Figure> figures = new ArrayList<>();
    String up = System.getProperty("bench.up", "");
    if (!up.isEmpty()) {
      figures.add(
          Figure.report("up to Ready, everything built", s(Long.parseLong(up) / 1e6), "aim 6 s"));
    }
    String ours = System.getProperty("bench.kubectl", "");
    String go = System.getProperty("bench.go-kubectl", "");
    if (ours.isEmpty()) {
      return figures;
    }
    double mine = time(cluster, ours);
    String baseline = "";
    if (!go.isEmpty()) {
      double theirs = time(cluster, go);
      baseline = String.format(Locale.ROOT, "Go kubectl %.2f s (%.1f ×)", theirs, mine / theirs);
    }
    figures.add(
        new Figure("kubectl get pods, median of 10", s(mine), baseline, "aim 0.35 s", null));
    return figures;
  }

  private static double time(Cluster cluster, String command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("get", "pods", "-n", "kube-system"));
    double[] took = new double[11];
    for (int i = 0; i < took.length; i++) {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().put("KUBECONFIG", cluster.home().resolve("admin.conf").toString());
      long begin = System.nanoTime();
      Process process = builder.start();
      process.getInputStream().readAllBytes();
      try {
        if (process.waitFor() != 0) {
          throw new IOException(command + " failed");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
      took[i] = (System.nanoTime() - begin) / 1e9;
    }
    double[] warm = java.util.Arrays.copyOfRange(took, 1, took.length);
    return Samples.of(warm).median();
  }
}
