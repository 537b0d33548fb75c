package minik8s.bench;

import static minik8s.bench.Figure.s;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A hundred pods on one node: how long they take to run and to be gone, and whatever is to be
 * measured in between. Immutable.
 *
 * @param timed whether their coming and going is itself a figure
 * @param meanwhile what is measured while they run
 */
record HundredRow(boolean timed, List<Row> meanwhile) implements Row {
  static final int PODS = 100;
  private static final String NAME = "hundred";
  private static final Duration LIMIT = Duration.ofMinutes(6);

  HundredRow {
    meanwhile = List.copyOf(meanwhile);
  }

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    DockerBaseline.Best raw = timed ? DockerBaseline.best(PODS) : null;
    List<Figure> figures = new ArrayList<>();
    try (PodFollower pods = new PodFollower(cluster);
        Wire wire = cluster.wire()) {
      long begin = System.nanoTime();
      double up;
      double gone;
      try {
        wire.call("POST", Objects.deployments(), Objects.deployment(NAME, PODS)).ok("create");
        up = since(begin, pods.await(PODS + " pods to run", LIMIT, HundredRow::allRun));
        for (Row row : meanwhile) {
          figures.addAll(row.measure(cluster));
        }
      } finally {
        begin = System.nanoTime();
        delete(cluster);
        gone = since(begin, pods.await("all pods gone", LIMIT, HundredRow::noneIsLeft));
      }
      if (raw != null) {
        figures.addAll(0, List.of(up(up, raw.start()), gone(gone, raw.remove())));
      }
    }
    return figures;
  }

  private static boolean allRun(java.util.Map<String, minik8s.api.Pod> pods) {
    return PodFollower.running(pods, NAME) == PODS;
  }

  private static boolean noneIsLeft(java.util.Map<String, minik8s.api.Pod> pods) {
    return PodFollower.present(pods, NAME) == 0;
  }

  /** On a connection of its own, for one that rested long may have been closed. */
  private static void delete(Cluster cluster) throws IOException {
    try (Wire wire = cluster.wire()) {
      wire.call("DELETE", Objects.deployments() + "/" + NAME, null).ok("delete");
    }
  }

  private static double since(long begin, long end) {
    return (end - begin) / 1e9;
  }

  private static Figure up(double up, double raw) {
    return new Figure(
        PODS + " pods on one node, create to all Running",
        s(up),
        "Docker alone, best of 2, 4, 8 workers " + s(raw),
        String.format(Locale.ROOT, "≤ 1.25 × (is %.2f ×)", up / raw),
        up <= 1.25 * raw);
  }

  private static Figure gone(double gone, double raw) {
    return new Figure(
        PODS + " pods on one node, delete to all gone",
        s(gone),
        "Docker alone, forced, best of 2, 4, 8 workers " + s(raw),
        String.format(Locale.ROOT, "aim 2 × (is %.2f ×)", gone / raw),
        null);
  }
}
