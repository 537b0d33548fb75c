package minik8s.bench;

import static minik8s.bench.Figure.s;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minik8s.api.Pod;
import minik8s.api.codec.Json;

/**
 * From load in the only pod to a second one. Autoscalers are looked at in turns, so several begin
 * at different moments of the period, and the slowest counts.
 */
final class AutoscalerRow implements Row {
  private static final int COUNT = 3;
  private static final int APART_SECONDS = 5;
  private static final double BAR = 30;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    try (PodFollower pods = new PodFollower(cluster)) {
      try {
        prepare(cluster, pods);
        Samples took = Samples.of(loads(pods));
        return List.of(
            new Figure(
                "load to a second pod by an autoscaler, slowest of " + COUNT,
                s(took.max()),
                "median " + s(took.median()),
                "≤ 30 s: sync period 15 s and metrics-server's resolution 15 s",
                took.max() <= BAR));
      } finally {
        remove(cluster, pods);
      }
    }
  }

  private static String name(int number) {
    return "scaled-" + number;
  }

  /** Returns when all run and every autoscaler knows how idle its pod is. */
  private static void prepare(Cluster cluster, PodFollower pods) throws IOException {
    try (Wire wire = cluster.wire()) {
      for (int i = 0; i < COUNT; i++) {
        wire.call("POST", Objects.deployments(), Objects.worker(name(i))).ok("create");
        wire.call("POST", Objects.autoscalers(), Objects.autoscaler(name(i))).ok("create");
      }
      for (int i = 0; i < COUNT; i++) {
        String name = name(i);
        pods.await(name + " to run", LIMIT, all -> PodFollower.running(all, name) == 1);
        String path = Objects.autoscalers() + "/" + name;
        for (int tries = 0; !knows(wire, path); tries++) {
          if (tries > LIMIT.toSeconds()) {
            throw new IOException("the autoscaler of " + name + " got no measure of its pod");
          }
          Rest.seconds(1);
        }
      }
    }
  }

  private static boolean knows(Wire wire, String path) throws IOException {
    byte[] body = wire.call("GET", path, null).ok("get").body();
    return !Json.parse(body).path("status").path("currentMetrics").isEmpty();
  }

  private static double[] loads(PodFollower pods) throws IOException {
    List<Future<Double>> loading = new ArrayList<>();
    double[] seconds = new double[COUNT];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < COUNT; i++) {
        int number = i;
        loading.add(threads.submit(() -> load(pods, number)));
      }
      for (int i = 0; i < COUNT; i++) {
        seconds[i] = loading.get(i).get();
      }
      return seconds;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static double load(PodFollower pods, int number) throws IOException {
    Rest.seconds(number * APART_SECONDS);
    String name = name(number);
    long begin = System.nanoTime();
    DockerBaseline.exec(pods.read(all -> container(all, name)), "[\"touch\",\"/tmp/load\"]");
    long end = pods.await("a second " + name, LIMIT, all -> PodFollower.present(all, name) >= 2);
    return (end - begin) / 1e9;
  }

  private static String container(Map<String, Pod> pods, String app) {
    return pods.values().stream()
        .filter(pod -> app.equals(pod.metadata().labels().get("app")))
        .map(pod -> pod.status().containerStatuses().getFirst().containerID())
        .findFirst()
        .orElseThrow()
        .replace("docker://", "");
  }

  private static void remove(Cluster cluster, PodFollower pods) throws IOException {
    try (Wire wire = cluster.wire()) {
      for (int i = 0; i < COUNT; i++) {
        wire.call("DELETE", Objects.autoscalers() + "/" + name(i), null);
        wire.call("DELETE", Objects.deployments() + "/" + name(i), null);
      }
      for (int i = 0; i < COUNT; i++) {
        String name = name(i);
        pods.await(name + " to be gone", LIMIT, all -> PodFollower.present(all, name) == 0);
      }
    }
  }
}
