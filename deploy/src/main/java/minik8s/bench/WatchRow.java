package minik8s.bench;

import static minik8s.bench.Figure.mb;
import static minik8s.bench.Figure.ms;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One event to a thousand watchers, what each of them costs, and what a long list costs. */
final class WatchRow implements Row {
  private static final int WATCHERS = 1000;
  private static final int EVENTS = 20;

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    List<Figure> figures = new ArrayList<>(watchers(cluster));
    figures.add(list(cluster));
    return figures;
  }

  private static List<Figure> watchers(Cluster cluster) throws IOException {
    Heap heap = new Heap(cluster.pid("apiserver"));
    long before = heap.afterCollection();
    // What opens last is closed first: nobody is left reading when the threads are waited for.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Watchers watchers = new Watchers(cluster, threads)) {
      watchers.open(WATCHERS);
      long held = heap.afterCollection();
      double[] latencies = new double[EVENTS * WATCHERS];
      for (int event = 0; event < EVENTS; event++) {
        double[] some = watchers.deliver("event-" + event);
        System.arraycopy(some, 0, latencies, event * WATCHERS, WATCHERS);
      }
      return List.of(delivery(Samples.of(latencies)), memory(before, held));
    } finally {
      ApiRow.clear(cluster);
    }
  }

  private static Figure delivery(Samples latencies) {
    double p99 = latencies.quantile(0.99);
    return new Figure(
        "one event to " + WATCHERS + " watchers, p99 of " + EVENTS + " events",
        ms(p99),
        "median " + ms(latencies.median()),
        "≤ 250 ms",
        p99 <= 0.250);
  }

  private static Figure memory(long before, long held) {
    double each = (held - before) / 1000.0 / WATCHERS;
    return new Figure(
        "memory of one watcher in the API server (TLS included)",
        String.format(Locale.ROOT, "%.0f kB", each),
        "live heap " + mb((double) before) + " → " + mb((double) held),
        "≤ 40 kB",
        each <= 40);
  }

  /** What a list of 10,000 pods costs in heap while it is sent, against its own bytes. */
  private static Figure list(Cluster cluster) throws IOException {
    int count = 10_000;
    Load.run(
        32,
        count,
        () ->
            new ApiRow.WireClient(cluster.wire()) {
              @Override
              public void run(int number) throws IOException {
                byte[] pod = Objects.simulatedPod("list-" + number);
                wire.call("POST", Objects.pods(), pod).ok("create pod");
              }
            });
    try (Wire wire = cluster.wire()) {
      Heap heap = new Heap(cluster.pid("apiserver"));
      wire.call("GET", Objects.pods() + "?resourceVersion=0", null).ok("list");
      heap.afterCollection();
      long before = heap.used();
      int bytes =
          wire.call("GET", Objects.pods() + "?resourceVersion=0", null).ok("list").body().length;
      long after = heap.used();
      double factor = Math.max(0, after - before) / (double) bytes;
      return new Figure(
          "heap allocated by one list of 10,000 pods",
          mb((double) Math.max(0, after - before)),
          "its bytes " + mb(bytes),
          String.format(Locale.ROOT, "≤ 3 × (is %.2f ×)", factor),
          factor <= 3);
    } finally {
      ClusterRow.deletePods(cluster);
    }
  }
}
