package minik8s.bench;

import static minik8s.bench.Figure.ms;
import static minik8s.bench.Figure.perSecond;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The API server's writes against etcd's own, and reads while it writes. */
final class ApiRow implements Row {
  private static final int CLIENTS = 64;
  private static final int WRITES = 6000;
  private static final int WARMING = 15_000;
  private static final int BYTES = 2000;
  private static final int WRITERS = 8;

  /** Nanoseconds between two creates of one of the writers, 500 a second together. */
  private static final long PERIOD = 16_000_000;

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    try (EtcdBaseline etcd = EtcdBaseline.connect(cluster)) {
      // Both sides warm, the server until its compiler has little left to do; then each measured,
      // the better of two runs on either side.
      creates(cluster, "warm", WARMING);
      etcd.puts(CLIENTS, 2000, BYTES);
      double api = 0;
      double raw = 0;
      for (int i = 0; i < 2; i++) {
        raw = Math.max(raw, etcd.puts(CLIENTS, WRITES, BYTES));
        api = Math.max(api, creates(cluster, "create" + i, WRITES));
      }
      return List.of(
          new Figure(
              "durable creates of 2 kB, " + CLIENTS + " clients",
              perSecond(api),
              "raw etcd puts " + perSecond(raw),
              String.format(Locale.ROOT, "≥ 0.5 × (is %.2f ×)", api / raw),
              api >= 0.5 * raw),
          reads(cluster));
    }
  }

  private static double creates(Cluster cluster, String prefix, int count) throws IOException {
    Load.Result result =
        Load.run(
            CLIENTS,
            count,
            () ->
                new WireClient(cluster.wire()) {
                  @Override
                  public void run(int number) throws IOException {
                    byte[] body = Objects.configMap(prefix + "-" + number, BYTES);
                    wire.call("POST", Objects.configMaps(), body).ok("create");
                  }
                });
    clear(cluster);
    return result.rate();
  }

  static void clear(Cluster cluster) throws IOException {
    try (Wire wire = cluster.wire()) {
      wire.call("DELETE", Objects.configMaps(), null).ok("delete all");
    }
  }

  /** GETs of one object while another client creates 500 objects a second. */
  private static Figure reads(Cluster cluster) throws IOException {
    AtomicBoolean stop = new AtomicBoolean();
    try (Wire reader = cluster.wire()) {
      reader.call("POST", Objects.configMaps(), Objects.configMap("read", BYTES)).ok("create");
      Thread writer = Thread.ofVirtual().start(() -> write(cluster, stop));
      double[] took = new double[3000];
      for (int i = 0; i < took.length; i++) {
        long begin = System.nanoTime();
        reader.call("GET", Objects.configMaps() + "/read", null).ok("get");
        took[i] = (System.nanoTime() - begin) / 1e9;
        LockSupport.parkNanos(1_000_000);
      }
      stop.set(true);
      writer.join();
      Samples samples = Samples.of(took);
      double p99 = samples.quantile(0.99);
      return new Figure(
          "GET of one object while 500 creates/s run, p99",
          String.format(Locale.ROOT, "%.1f ms", p99 * 1000),
          "median " + String.format(Locale.ROOT, "%.1f ms", samples.median() * 1000),
          "≤ 5 ms",
          p99 <= 0.005);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      clear(cluster);
    }
  }

  private static void write(Cluster cluster, AtomicBoolean stop) {
    // Eight writers of 62.5/s each, one after another, so that there is a create every 2 ms and not
    // eight at once every 16.
    long start = System.nanoTime();
    List<Thread> writers =
        java.util.stream.IntStream.range(0, WRITERS)
            .mapToObj(w ->
                Thread.ofVirtual()
                    .start(() -> writeSome(cluster, w, start + w * PERIOD / WRITERS, stop)))
            .toList();
    for (Thread writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void writeSome(Cluster cluster, int writer, long first, AtomicBoolean stop) {
    try (Wire wire = cluster.wire()) {
      long next = first;
      for (int i = 0; !stop.get(); i++) {
        LockSupport.parkNanos(next - System.nanoTime());
        next += PERIOD;
        String name = "w" + writer + "-" + i;
        wire.call("POST", Objects.configMaps(), Objects.configMap(name, BYTES)).ok("create");
      }
    } catch (IOException e) {
      System.err.println("a writer ended early, its row is not comparable: " + ms(0) + " " + e);
    }
  }

  /** A client with one connection. */
  abstract static class WireClient implements Load.Client {
    final Wire wire;

    WireClient(Wire wire) {
      this.wire = wire;
    }

    @Override
    public void close() throws IOException {
      wire.close();
    }
  }
}
