package minik8s.bench;

import static minik8s.bench.Figure.s;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Deployments: 50 replicas to all Running, 40 to 20 gone. */
final class DeploymentRow implements Row {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    double raw = DockerBaseline.best(50).start();
    try (PodFollower pods = new PodFollower(cluster);
        Wire wire = cluster.wire()) {
      // The better of two, as Docker's is the best of three.
      double first = create(wire, pods, "fifty", 50);
      remove(wire, pods, "fifty");
      double up = Math.min(first, create(wire, pods, "fifty", 50));
      scale(wire, "fifty", 40);
      pods.await("40 pods", LIMIT, all -> PodFollower.present(all, "fifty") == 40);
      long begin = System.nanoTime();
      scale(wire, "fifty", 20);
      long end = pods.await("20 pods gone", LIMIT, all -> PodFollower.present(all, "fifty") == 20);
      double down = (end - begin) / 1e9;
      remove(wire, pods, "fifty");
      return List.of(
          new Figure(
              "Deployment of 50 to all Running",
              s(up) + ", the first " + s(first),
              "Docker alone, best of 2, 4, 8 workers " + s(raw),
              String.format(Locale.ROOT, "≤ 1.25 × (is %.2f ×)", up / raw),
              up <= 1.25 * raw),
          new Figure("40 to 20 replicas, pods gone", s(down), "", "≤ 4 s", down <= 4.0));
    }
  }

  private static double create(Wire wire, PodFollower pods, String name, int replicas)
      throws IOException {
    long begin = System.nanoTime();
    wire.call("POST", Objects.deployments(), Objects.deployment(name, replicas)).ok("create");
    long end =
        pods.await(
            replicas + " pods to run", LIMIT, all -> PodFollower.running(all, name) == replicas);
    return (end - begin) / 1e9;
  }

  private static void remove(Wire wire, PodFollower pods, String name) throws IOException {
    wire.call("DELETE", Objects.deployments() + "/" + name, null).ok("delete");
    pods.await("all pods gone", LIMIT, all -> PodFollower.present(all, name) == 0);
  }

  private static void scale(Wire wire, String name, int replicas) throws IOException {
    byte[] patch =
        "{\"spec\":{\"replicas\":%d}}"
            .formatted(replicas)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    wire.call(
            "PATCH",
            Objects.deployments() + "/" + name + "/scale",
            "application/merge-patch+json",
            patch)
        .ok("scale");
  }
}
