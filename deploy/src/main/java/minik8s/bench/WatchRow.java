package minik8s.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
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
  private static final int LISTS = 7;
  private static final String ALLOCATED = "jvm_gc_memory_allocated_bytes_total";

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
    try {
      Heap heap = new Heap(cluster.pid("apiserver"));
      double[] idle = new double[LISTS];
      double[] listing = new double[LISTS];
      int bytes = listBytes(cluster);
      // What is allocated without the list, by others and by asking, is taken off.
      for (int i = 0; i < LISTS; i++) {
        idle[i] = allocated(cluster, heap, () -> {});
        listing[i] = allocated(cluster, heap, () -> listBytes(cluster));
      }
      double each = Math.max(0, Samples.of(listing).median() - Samples.of(idle).median());
      double factor = each / bytes;
      return new Figure(
          "heap allocated by one list of 10,000 pods, median of " + LISTS,
          mb(each),
          "its bytes " + mb(bytes),
          String.format(Locale.ROOT, "≤ 3 × (is %.2f ×)", factor),
          factor <= 3);
    } finally {
      ClusterRow.deletePods(cluster);
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Bytes that the API server allocated meanwhile: its own count, which moves at collections. */
  private static double allocated(Cluster cluster, Heap heap, Work work) throws IOException {
    heap.afterCollection();
    double before = counted(cluster);
    work.run();
    heap.afterCollection();
    return counted(cluster) - before;
  }

  /** The count is made on a thread of its own, a moment after the collection. */
  private static double counted(Cluster cluster) throws IOException {
    Rest.seconds(1);
    try (Wire wire = cluster.wire()) {
      String page = new String(wire.call("GET", "/metrics", null).ok("metrics").body(), UTF_8);
      return page.lines()
          .filter(line -> line.startsWith(ALLOCATED))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .findFirst()
          .orElseThrow(() -> new IOException("the API server does not count " + ALLOCATED));
    }
  }

  private static int listBytes(Cluster cluster) throws IOException {
    try (Wire wire = cluster.wire()) {
      return wire.call("GET", Objects.pods() + "?resourceVersion=0", null).ok("list").body().length;
    }
  }
}
