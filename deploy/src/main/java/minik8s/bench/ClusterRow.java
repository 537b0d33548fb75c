package minik8s.bench;

import static minik8s.bench.Figure.perSecond;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import minik8s.scheduler.bench.Demand;
import minik8s.scheduler.bench.SchedulerBench;

/** The scheduler by itself on a large simulated cluster, and through the API to etcd. */
final class ClusterRow implements Row {
  private static final int NODES = 500;
  private static final int PODS = 5000;

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    List<Figure> figures = new ArrayList<>();
    SchedulerBench.run(5000, 2000);
    SchedulerBench.Result alone = SchedulerBench.run(5000, 10_000);
    double rate = alone.pods() / (alone.took().toNanos() / 1e9);
    figures.add(
        new Figure(
            "scheduler alone, 10,000 pods on 5,000 nodes",
            perSecond(rate),
            "",
            "≥ 2,000 /s",
            rate >= 2000));
    for (Demand demand : List.of(Demand.SPREAD, Demand.AFFINITY, Demand.EXTENDED)) {
      figures.add(alone(demand));
    }
    figures.add(throughApi(cluster));
    return figures;
  }

  private static Figure alone(Demand demand) {
    SchedulerBench.run(5000, 500, demand);
    double rate = SchedulerBench.run(5000, 5000, demand).podsPerSecond();
    return new Figure(
        "scheduler alone with " + demand.title() + ", 5,000 pods on 5,000 nodes",
        perSecond(rate),
        "",
        "≥ 500 /s",
        rate >= 500);
  }

  private static Figure throughApi(Cluster cluster) throws IOException {
    create(cluster, NODES, "/api/v1/nodes", i -> Objects.simulatedNode("bench-" + i));
    ListOptions options = ListOptions.in(Objects.NAMESPACE);
    ObjectList<Pod> list = cluster.api().list(Resources.PODS, options);
    try (Watch<Pod> watch =
        cluster.api().watch(Resources.PODS, options.at(list.resourceVersion()), 180)) {
      long begin = System.nanoTime();
      Thread creator =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  create(cluster, PODS, Objects.pods(), i -> Objects.simulatedPod("sched-" + i));
                } catch (IOException e) {
                  System.err.println("creating pods failed: " + e.getMessage());
                }
              });
      int bound = countBound(watch);
      double seconds = (System.nanoTime() - begin) / 1e9;
      creator.join(Duration.ofSeconds(10));
      double rate = bound / seconds;
      return new Figure(
          "create to bound through the API and etcd, " + PODS + " pods on " + NODES + " nodes",
          perSecond(rate),
          bound == PODS ? "" : "only " + bound + " pods were bound",
          "≥ 300 /s",
          bound == PODS && rate >= 300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      deletePods(cluster);
      delete(cluster, NODES, i -> "/api/v1/nodes/bench-" + i);
    }
  }

  private static int countBound(Watch<Pod> watch) {
    java.util.Set<String> bound = new java.util.HashSet<>();
    WatchEvent<Pod> event = watch.next();
    while (event != null) {
      if (event instanceof WatchEvent.Changed<Pod> changed && changed.object().bound()) {
        bound.add(changed.object().uid());
      }
      event = bound.size() == PODS ? null : watch.next();
    }
    return bound.size();
  }

  /** Makes the body of the i-th object. */
  private interface Body {
    byte[] of(int number);
  }

  private static void create(Cluster cluster, int count, String path, Body body)
      throws IOException {
    Load.run(
        16,
        count,
        () ->
            new ApiRow.WireClient(cluster.wire()) {
              @Override
              public void run(int number) throws IOException {
                wire.call("POST", path, body.of(number)).ok("create");
              }
            });
  }

  private static void delete(
      Cluster cluster, int count, java.util.function.IntFunction<String> path) throws IOException {
    Load.run(
        16,
        count,
        () ->
            new ApiRow.WireClient(cluster.wire()) {
              @Override
              public void run(int number) throws IOException {
                wire.call("DELETE", path.apply(number), null);
              }
            });
  }

  /** Removes every pod of the namespace without grace: the simulated ones have no kubelet. */
  static void deletePods(Cluster cluster) throws IOException {
    try (Wire wire = cluster.wire()) {
      wire.call("DELETE", Objects.pods() + "?gracePeriodSeconds=0", null).ok("delete all pods");
    }
  }
}
