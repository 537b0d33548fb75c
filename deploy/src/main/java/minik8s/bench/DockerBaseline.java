package minik8s.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;

/**
 * What Docker itself needs for the two containers of a pod, without any of us: create and start a
 * pause container on the bridge, then an app container in its namespaces.
 */
final class DockerBaseline {
  private static final String PAUSE = "minik8s/pause:3.10";
  private static final String LABEL = "io.minik8s.bench";

  private DockerBaseline() {}

  /** Seconds for each of {@code count} pairs, one after the other. */
  static Samples oneByOne(int count) throws IOException {
    return start(1, count).each();
  }

  /** The best time of 2, 4 and 8 workers for {@code count} pairs. */
  static double best(int count) throws IOException {
    double best = Double.MAX_VALUE;
    for (int workers : new int[] {2, 4, 8}) {
      best = Math.min(best, start(workers, count).seconds());
    }
    return best;
  }

  private static Load.Result start(int workers, int count) throws IOException {
    String run = Long.toString(System.nanoTime(), 36);
    try {
      return Load.run(workers, count, () -> new Starter(Wire.docker(), run));
    } finally {
      remove(workers, count, run);
    }
  }

  private record Starter(Wire wire, String run) implements Load.Client {
    @Override
    public void run(int number) throws IOException {
      String pause = pauseName(run, number);
      create(wire, pause, PAUSE, null, "\"IpcMode\":\"shareable\"");
      create(
          wire,
          appName(run, number),
          Objects.IMAGE,
          Objects.COMMAND,
          "\"NetworkMode\":\"container:%s\",\"IpcMode\":\"container:%s\"".formatted(pause, pause));
    }

    @Override
    public void close() throws IOException {
      wire.close();
    }
  }

  private static String pauseName(String run, int number) {
    return "bench_pause_" + run + "_" + number;
  }

  private static String appName(String run, int number) {
    return "bench_app_" + run + "_" + number;
  }

  private static void create(
      Wire wire, String name, String image, @Nullable String command, String host)
      throws IOException {
    String body =
        """
        {"Image":"%s",%s"Labels":{"%s":"1"},"HostConfig":{%s}}\
        """
            .formatted(image, command == null ? "" : "\"Cmd\":" + command + ",", LABEL, host);
    wire.call("POST", "/containers/create?name=" + name, body.getBytes(UTF_8)).ok("create");
    wire.call("POST", "/containers/" + name + "/start", null).ok("start");
  }

  /** Kills a container as a crash would. */
  static void kill(String id) throws IOException {
    try (Wire wire = Wire.docker()) {
      wire.call("POST", "/containers/" + id + "/kill", null).ok("kill");
    }
  }

  /** Seconds that Docker itself needs to start a container again after it was killed. */
  static double restart() throws IOException {
    String run = Long.toString(System.nanoTime(), 36);
    try (Wire wire = Wire.docker();
        Starter starter = new Starter(wire, run)) {
      starter.run(0);
      kill(appName(run, 0));
      wire.call("POST", "/containers/" + appName(run, 0) + "/wait", null).ok("wait");
      long begin = System.nanoTime();
      wire.call("POST", "/containers/" + appName(run, 0) + "/start", null).ok("start");
      return (System.nanoTime() - begin) / 1e9;
    } finally {
      remove(1, 1, run);
    }
  }

  private static void remove(int workers, int count, String run) throws IOException {
    AtomicInteger left = new AtomicInteger();
    Load.run(
        Math.max(2, workers),
        count * 2,
        () -> {
          Wire wire = Wire.docker();
          return new Load.Client() {
            @Override
            public void run(int number) throws IOException {
              String name = number < count ? appName(run, number) : pauseName(run, number - count);
              if (wire.call("DELETE", "/containers/" + name + "?force=true", null).code() >= 300) {
                left.incrementAndGet();
              }
            }

            @Override
            public void close() throws IOException {
              wire.close();
            }
          };
        });
    if (left.get() > 0) {
      System.err.println(Json.object().put("baseline containers not removed", left.get()));
    }
  }
}
