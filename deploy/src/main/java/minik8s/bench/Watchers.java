package minik8s.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import minik8s.api.codec.Json;

/**
 * Many watches of one collection, each on a connection of its own. Confined to one thread; its
 * watches are read on others.
 */
final class Watchers implements AutoCloseable {
  private static final int EVENT_BYTES = 500;
  private static final int LIMIT_SECONDS = 60;

  private final Cluster cluster;
  private final ExecutorService threads;
  private final List<Wire> wires = new ArrayList<>();
  private final List<BufferedReader> streams = new ArrayList<>();

  Watchers(Cluster cluster, ExecutorService threads) {
    this.cluster = cluster;
    this.threads = threads;
  }

  /** Opens this many watches of what comes from now on. */
  void open(int count) throws IOException {
    String path =
        Objects.configMaps() + "?watch=true&timeoutSeconds=600&resourceVersion=" + version();
    List<Future<BufferedReader>> opening = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      opening.add(threads.submit(() -> watch(path)));
    }
    for (Future<BufferedReader> one : opening) {
      streams.add(get(one, "a watch did not open"));
    }
  }

  private String version() throws IOException {
    try (Wire wire = cluster.wire()) {
      byte[] list = wire.call("GET", Objects.configMaps() + "?limit=1", null).ok("list").body();
      return Json.parse(list).path("metadata").path("resourceVersion").asString("");
    }
  }

  private BufferedReader watch(String path) throws IOException {
    Wire wire = Wire.tls(cluster.server(), cluster.tls(), 1024);
    synchronized (wires) {
      wires.add(wire);
    }
    return new BufferedReader(
        new InputStreamReader(wire.stream(path), StandardCharsets.UTF_8), 4096);
  }

  /**
   * Creates an object and waits until every watch has told of it.
   *
   * @return seconds from the request to each watch's event
   */
  double[] deliver(String name) throws IOException {
    List<Future<Long>> arriving = new ArrayList<>();
    for (BufferedReader stream : streams) {
      arriving.add(threads.submit(() -> arrival(stream, name)));
    }
    double[] seconds = new double[arriving.size()];
    try (Wire writer = cluster.wire()) {
      byte[] object = Objects.configMap(name, EVENT_BYTES);
      long begin = System.nanoTime();
      writer.call("POST", Objects.configMaps(), object).ok("create");
      for (int i = 0; i < seconds.length; i++) {
        seconds[i] = (get(arriving.get(i), "watch " + i + " saw no " + name) - begin) / 1e9;
      }
    }
    return seconds;
  }

  /** Others write into the namespace too: only the object of that name counts. */
  private static long arrival(BufferedReader stream, String name) throws IOException {
    String mark = "\"" + name + "\"";
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.contains(mark)) {
        return System.nanoTime();
      }
    }
    throw new IOException("the watch ended");
  }

  private static <T> T get(Future<T> future, String otherwise) throws IOException {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(otherwise + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (wires) {
      for (Wire wire : wires) {
        wire.close();
      }
    }
  }
}
