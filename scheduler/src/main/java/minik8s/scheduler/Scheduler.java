package minik8s.scheduler;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import minik8s.api.Resources;
import minik8s.api.codec.Yaml;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;
import minik8s.control.EventRecorder;
import minik8s.control.LeaderElection;
import minik8s.control.Timers;
import minik8s.daemon.Daemon;
import minik8s.daemon.DaemonFlags;
import minik8s.daemon.HealthServer;
import minik8s.daemon.Leader;
import minik8s.daemon.Metrics;
import minik8s.scheduler.config.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The scheduler's main: what it is made of and in which order it starts. */
@Command(
    name = "scheduler",
    mixinStandardHelpOptions = true,
    description = "Gives each pending pod a node.")
public final class Scheduler implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final int PORT = 10259;

  @Mixin private final DaemonFlags flags = new DaemonFlags();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "a KubeSchedulerConfiguration with the profiles")
  private @Nullable Path config;

  public static void main(String... args) {
    Daemon.main(new Scheduler(), args);
  }

  @Override
  public Integer call() throws InterruptedException {
    KubeConfig server = flags.kubeConfig();
    Configuration configuration = configuration();
    Metrics metrics = new Metrics();
    HealthServer health = flags.healthServer(PORT, metrics);
    Timers timers = Timers.system();
    HttpApi api = new HttpApi(server, "kube-scheduler", metrics::clientRequest);
    EventRecorder events = new EventRecorder(api, "default-scheduler", "", timers);
    ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

    SchedulingLoop loop =
        new SchedulingLoop(
            configuration.profiles(),
            new ApiGateway(api, events, timers),
            writers,
            timers,
            new SchedulerMetrics(metrics.registry()));
    Feeds feeds = new Feeds(api, health);
    feeds.add(Resources.NODES, loop::nodeChanged);
    feeds.add(Resources.NAMESPACES, loop::otherChanged);
    feeds.add(Resources.STORAGE_CLASSES, loop::otherChanged);
    feeds.add(Resources.PERSISTENT_VOLUMES, loop::otherChanged);
    feeds.add(Resources.PERSISTENT_VOLUME_CLAIMS, loop::otherChanged);
    feeds.add(Resources.POD_DISRUPTION_BUDGETS, loop::otherChanged);
    feeds.add(Resources.PODS, loop::podChanged);

    LeaderElection election = new LeaderElection(api, "kube-scheduler", identity(), timers);
    Leader leader = new Leader(election, timers);
    metrics.leads("kube-scheduler", leader::leading);
    loop.start();
    Thread.ofVirtual().name("begin").start(() -> begin(loop, leader, feeds));

    Daemon.awaitStop(loop, feeds, writers::shutdown, leader, events, health, timers);
    return 0;
  }

  private Configuration configuration() {
    Path file = config;
    if (file == null) {
      return Configuration.standard();
    }
    try {
      List<JsonNode> documents = Yaml.documents(Files.readString(file));
      if (documents.size() != 1) {
        throw new IllegalArgumentException(documents.size() + " documents instead of one");
      }
      Configuration read = Configuration.of(documents.getFirst());
      read.warnings().forEach(warning -> LOG.warn("{}: {}", file, warning));
      return read;
    } catch (IOException e) {
      throw new IllegalArgumentException("--config " + file + " cannot be read: " + e, e);
    } catch (IllegalArgumentException | JacksonException e) {
      throw new IllegalArgumentException("--config " + file + ": " + e.getMessage(), e);
    }
  }

  /** Places pods only once all caches are full and the lease is held. */
  private void begin(SchedulingLoop loop, Leader leader, Feeds feeds) {
    try {
      feeds.awaitSync();
      if (flags.leaderElect()) {
        leader.start().await();
      }
      loop.lead();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Host and port: no two live processes share them, because this process holds the port. Started
   * again after a crash it is the same candidate and need not wait for its own lease to end.
   */
  private String identity() {
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + flags.securePort(PORT);
    } catch (UnknownHostException e) {
      return "localhost_" + flags.securePort(PORT);
    }
  }
}
