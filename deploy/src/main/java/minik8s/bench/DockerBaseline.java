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

  /** The shortest times in seconds: to start that many pairs, and to remove them by force. */
  record Best(double start, double remove) {}

  /** Seconds for each of {@code count} pairs, one after the other. */
  static Samples oneByOne(int count) throws IOException {
    String run = name();
    try {
      return start(1, count, run).each();
    } finally {
      remove(1, count, run);
    }
  }

  /** The best times of 2, 4 and 8 workers for {@code count} pairs. */
  static Best best(int count) throws IOException {
    double start = Double.MAX_VALUE;
    double remove = Double.MAX_VALUE;
    for (int workers : new int[] {2, 4, 8}) {
      String run = name();
      try {
        start = Math.min(start, start(workers, count, run).seconds());
      } finally {
        remove = Math.min(remove, remove(workers, count, run));
      }
    }
    return new Best(start, remove);
  }

  private static String name() {
    return Long.toString(System.nanoTime(), 36);
  }

  private static Load.Result start(int workers, int count, String run) throws IOException {
    return Load.run(workers, count, () -> new Starter(Wire.docker(), run));
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

  /** Runs a command in a container and does not wait for its end. */
  static void exec(String id, String command) throws IOException {
    try (Wire wire = Wire.docker()) {
      byte[] wanted = "{\"Cmd\":%s}".formatted(command).getBytes(UTF_8);
      byte[] made = wire.call("POST", "/containers/" + id + "/exec", wanted).ok("exec").body();
      String exec = Json.parse(made).path("Id").asString("");
      byte[] start = "{\"Detach\":true}".getBytes(UTF_8);
      wire.call("POST", "/exec/" + exec + "/start", start).ok("start of exec");
    }
  }

  /** Seconds that Docker itself needs to start a container again after it was killed. */
  static double restart() throws IOException {
    String run = name();
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

  /** Returns how many seconds it took. */
  private static double remove(int workers, int count, String run) throws IOException {
    AtomicInteger left = new AtomicInteger();
    Load.Result result =
        Load.run(
            Math.max(2, workers),
            count * 2,
            () ->
                new ApiRow.WireClient(Wire.docker()) {
                  @Override
                  public void run(int number) throws IOException {
                    String name =
                        number < count ? appName(run, number) : pauseName(run, number - count);
                    String path = "/containers/" + name + "?force=true";
                    if (wire.call("DELETE", path, null).code() >= 300) {
                      left.incrementAndGet();
                    }
                  }
                });
    if (left.get() > 0) {
      System.err.println(Json.object().put("baseline containers not removed", left.get()));
    }
    return result.seconds();
  }
}
