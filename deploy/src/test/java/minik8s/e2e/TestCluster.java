package minik8s.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A cluster that the launcher started for tests, in a home of its own; removed when the JVM ends.
 * Thread-safe.
 */
final class TestCluster {
  private static final Path SOURCE = source();
  private static final Path HOMES = homes();

  private static final class Shared {
    static final TestCluster CLUSTER = lentOrStarted();
  }

  private final Path home;

  private TestCluster(Path home) {
    this.home = home;
  }

  /** The cluster that most tests share, started on first use; tests keep apart by namespaces. */
  static TestCluster shared() {
    return Shared.CLUSTER;
  }

  /** Describes a cluster in a home of its own, without starting it. */
  static TestCluster named(String name) {
    TestCluster cluster = new TestCluster(HOMES.resolve(name));
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::remove));
    return cluster;
  }

  private static TestCluster start(String name) {
    TestCluster cluster = named(name);
    cluster.minik8s("up", "--no-build").ok();
    return cluster;
  }

  /** Runs the launcher on this cluster's home. */
  Ran minik8s(String... args) {
    return Programs.run(launcher(args), Map.of("NO_COLOR", "1"), "");
  }

  /** The launcher's command line on this cluster's home. */
  List<String> launcher(String... args) {
    List<String> command = new ArrayList<>();
    command.add(
        System.getProperty("minik8s.launcher", SOURCE.resolve("deploy/minik8s").toString()));
    command.addAll(List.of("--home", home.toString()));
    command.addAll(List.of(args));
    return command;
  }

  /** Stops it and removes its state; nothing happens where there is nothing. */
  void remove() {
    if (Files.exists(home)) {
      minik8s("down", "--purge");
    }
  }

  Path home() {
    return home;
  }

  Path kubeconfig() {
    return home.resolve("admin.conf");
  }

  /** The label value that marks this cluster's containers. */
  String id() {
    return setting("CLUSTER_ID");
  }

  /** A value that the launcher remembers, such as {@code API_PORT}. */
  String setting(String name) {
    return lines(home.resolve("config.env")).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in config.env"));
  }

  /** The process of a daemon, as the launcher's pid file names it. */
  ProcessHandle daemon(String name) {
    String pid = lines(home.resolve("run/" + name + ".pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid))
        .orElseThrow(() -> new AssertionError(name + " does not run"));
  }

  /** Ends a daemon as by {@code kill -9} and keeps its supervisor from starting it again. */
  void kill(String name) {
    move(service(name), home.resolve(name + ".dead"));
    ProcessHandle process = daemon(name);
    process.destroyForcibly();
    Patience.until(name + " to be dead", () -> !process.isAlive());
  }

  /** Lets the supervisor start a killed daemon again. */
  void revive(String name) {
    move(home.resolve(name + ".dead"), service(name));
  }

  /** Starts a daemon again with more flags than the launcher gives it. */
  void addFlags(String name, String... flags) {
    String line = lines(service(name)).getFirst().strip() + " " + String.join(" ", flags) + "\n";
    try {
      Path next = home.resolve(name + ".next");
      Files.writeString(next, line);
      move(next, service(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(name).destroy();
  }

  private Path service(String name) {
    return home.resolve("run/services").resolve(name);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A manifest of {@code docs/examples}. */
  static Path example(String name) {
    return SOURCE.resolve("docs/examples").resolve(name);
  }

  /** A file or folder of the sources. */
  static Path file(String path) {
    return SOURCE.resolve(path);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root of the sources, from wherever inside them Maven or an editor started the JVM. */
  private static Path source() {
    for (Path place = Path.of("").toAbsolutePath(); place != null; place = place.getParent()) {
      if (Files.exists(place.resolve("deploy/minik8s"))) {
        return place;
      }
    }
    throw new AssertionError("deploy/minik8s is not above " + Path.of("").toAbsolutePath());
  }

  /**
   * A running cluster that somebody lends by its home, which nobody removes; else one of our own.
   */
  private static TestCluster lentOrStarted() {
    String lent = System.getProperty("minik8s.test.cluster");
    return lent == null ? start("shared") : new TestCluster(Path.of(lent));
  }

  private static Path homes() {
    String given = System.getProperty("minik8s.test.home");
    try {
      return given == null ? Files.createTempDirectory("minik8s-e2e") : Path.of(given);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
