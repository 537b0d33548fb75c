package minik8s.bench;

import static minik8s.bench.Figure.s;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import minik8s.api.Pod;

/** How long a new Deployment takes while two hundred pods on its node crash again and again. */
final class HerdRow implements Row {
  private static final int PODS = 200;
  private static final int ROOM = 250;
  private static final int REPLICAS = 3;
  private static final int TRIES = 7;
  private static final String HERD = "herd";
  private static final String CALM = "calm";
  private static final Duration LIMIT = Duration.ofMinutes(8);

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    try (NodeRoom _ = NodeRoom.make(cluster, ROOM);
        PodFollower pods = new PodFollower(cluster)) {
      Samples alone = deployments(cluster, pods);
      Samples amid;
      int restarts;
      try {
        call(cluster, "POST", "", Objects.crashing(HERD, PODS));
        pods.await("all of the herd to have crashed twice", LIMIT, HerdRow::allCrash);
        int before = pods.read(HerdRow::restarts);
        amid = deployments(cluster, pods);
        restarts = pods.read(HerdRow::restarts) - before;
      } finally {
        call(cluster, "DELETE", "/" + HERD, null);
        pods.await("the herd to be gone", LIMIT, all -> PodFollower.present(all, HERD) == 0);
      }
      double factor = amid.median() / alone.median();
      return List.of(
          new Figure(
              "Deployment of 3 ready amid " + PODS + " crashing pods, median of " + TRIES,
              s(amid.median()) + ", slowest " + s(amid.max()) + ", " + restarts + " restarts",
              "without them " + s(alone.median()) + ", slowest " + s(alone.max()),
              String.format(Locale.ROOT, "≤ 2 × (is %.2f ×)", factor),
              factor <= 2));
    }
  }

  private static boolean allCrash(Map<String, Pod> pods) {
    return herd(pods).filter(restarts -> restarts >= 1).count() == PODS;
  }

  private static int restarts(Map<String, Pod> pods) {
    return herd(pods).sum();
  }

  /** How often each pod of the herd was restarted. */
  private static IntStream herd(Map<String, Pod> pods) {
    return pods.values().stream()
        .filter(pod -> HERD.equals(pod.metadata().labels().get("app")))
        .flatMap(pod -> pod.status().containerStatuses().stream())
        .mapToInt(container -> container.restartCount());
  }

  private static Samples deployments(Cluster cluster, PodFollower pods) throws IOException {
    double[] took = new double[TRIES];
    for (int i = 0; i < TRIES; i++) {
      long begin = System.nanoTime();
      call(cluster, "POST", "", Objects.deployment(CALM, REPLICAS));
      long end =
          pods.await(CALM + " to run", LIMIT, all -> PodFollower.running(all, CALM) == REPLICAS);
      took[i] = (end - begin) / 1e9;
      call(cluster, "DELETE", "/" + CALM, null);
      pods.await(CALM + " to be gone", LIMIT, all -> PodFollower.present(all, CALM) == 0);
    }
    return Samples.of(took);
  }

  private static void call(
      Cluster cluster, String method, String name, byte @org.jspecify.annotations.Nullable [] body)
      throws IOException {
    try (Wire wire = cluster.wire()) {
      wire.call(method, Objects.deployments() + name, body).ok(method);
    }
  }
}
