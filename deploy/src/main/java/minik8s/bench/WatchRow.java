package minik8s.bench;

import static minik8s.bench.Figure.mb;
import static minik8s.bench.Figure.ms;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

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
    List<Wire> wires = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Wire writer = cluster.wire()) {
      String version =
          minik8s.api.codec.Json.parse(
                  writer.call("GET", Objects.configMaps() + "?limit=1", null).ok("list").body())
              .path("metadata")
              .path("resourceVersion")
              .asString("");
      List<BufferedReader> streams = open(cluster, threads, wires, version);
      long held = heap.afterCollection();
      double[] latencies = new double[EVENTS * WATCHERS];
      for (int event = 0; event < EVENTS; event++) {
        deliver(writer, threads, streams, event, latencies);
      }
      double p99 = Samples.of(latencies).quantile(0.99);
      double each = (held - before) / 1000.0 / WATCHERS;
      return List.of(
          new Figure(
              "one event to " + WATCHERS + " watchers, p99 of " + EVENTS + " events",
              ms(p99),
              "median " + ms(Samples.of(latencies).median()),
              "≤ 250 ms",
              p99 <= 0.250),
          new Figure(
              "memory of one watcher in the API server (TLS included)",
              String.format(Locale.ROOT, "%.0f kB", each),
              "live heap " + mb((double) before) + " → " + mb((double) held),
              "≤ 40 kB",
              each <= 40));
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
      ApiRow.clear(cluster);
    }
  }

  private static List<BufferedReader> open(
      Cluster cluster, ExecutorService threads, List<Wire> wires, String version)
      throws IOException {
    List<Future<BufferedReader>> opening = new ArrayList<>();
    String path =
        Objects.configMaps() + "?watch=true&timeoutSeconds=600&resourceVersion=" + version;
    for (int i = 0; i < WATCHERS; i++) {
      opening.add(
          threads.submit(() -> {
            Wire wire = Wire.tls(cluster.server(), cluster.tls(), 1024);
            synchronized (wires) {
              wires.add(wire);
            }
            InputStream body = wire.stream(path);
            return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), 4096);
          }));
    }
    List<BufferedReader> streams = new ArrayList<>();
    for (Future<BufferedReader> one : opening) {
      try {
        streams.add(one.get(60, TimeUnit.SECONDS));
      } catch (Exception e) {
        throw new IOException("a watch did not open: " + e, e);
      }
    }
    return streams;
  }

  private static void deliver(
      Wire writer,
      ExecutorService threads,
      List<BufferedReader> streams,
      int event,
      double[] latencies)
      throws IOException {
    CountDownLatch arrived = new CountDownLatch(streams.size());
    long[] at = new long[streams.size()];
    for (int i = 0; i < streams.size(); i++) {
      int index = i;
      threads.execute(() -> {
        try {
          streams.get(index).readLine();
          at[index] = System.nanoTime();
          arrived.countDown();
        } catch (IOException e) {
          // not counted down: the row fails and says how many watchers saw nothing
        }
      });
    }
    long begin = System.nanoTime();
    writer
        .call("POST", Objects.configMaps(), Objects.configMap("event-" + event, 500))
        .ok("create");
    try {
      if (!arrived.await(30, TimeUnit.SECONDS)) {
        throw new IOException(arrived.getCount() + " watchers saw no event within 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    for (int i = 0; i < at.length; i++) {
      latencies[event * WATCHERS + i] = (at[i] - begin) / 1e9;
    }
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
