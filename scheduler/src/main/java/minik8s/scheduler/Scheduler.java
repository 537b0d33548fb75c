package minik8s.scheduler;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.control.EventRecorder;
import minik8s.control.LeaderElection;
import minik8s.control.Timers;
import minik8s.daemon.Daemon;
import minik8s.daemon.DaemonFlags;
import minik8s.daemon.HealthServer;
import minik8s.daemon.Leader;
import minik8s.daemon.Metrics;
import minik8s.scheduler.plugins.StandardProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The scheduler's main: what it is made of and in which order it starts. */
@Command(
    name = "scheduler",
    mixinStandardHelpOptions = true,
    description = "Gives each pending pod a node.")
public final class Scheduler implements Callable<Integer> {
  private static final int PORT = 10259;

  @Mixin private final DaemonFlags flags = new DaemonFlags();

  public static void main(String... args) {
    Daemon.main(new Scheduler(), args);
  }

  @Override
  public Integer call() throws InterruptedException {
    KubeConfig config = flags.kubeConfig();
    Metrics metrics = new Metrics();
    HealthServer health = flags.healthServer(PORT, metrics);
    Timers timers = Timers.system();
    HttpApi api = new HttpApi(config, "kube-scheduler", metrics::clientRequest);
    EventRecorder events = new EventRecorder(api, "default-scheduler", "", timers);
    ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

    SchedulingLoop loop =
        new SchedulingLoop(
            StandardProfile.create(),
            new ApiGateway(api, events, timers),
            writers,
            timers,
            new SchedulerMetrics(metrics.registry()));
    Informer<Node> nodes = new Informer<>(Resources.NODES, ListOptions.ALL, List.of());
    Informer<Pod> pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of());
    nodes.onChange(loop::nodeChanged);
    pods.onChange(loop::podChanged);
    health.readyWhen("nodes", nodes::synced);
    health.readyWhen("pods", pods::synced);

    LeaderElection election = new LeaderElection(api, "kube-scheduler", identity(), timers);
    Leader leader = new Leader(election, timers);
    Reflector<Node> nodeFeed = new Reflector<>(api, nodes).start();
    Reflector<Pod> podFeed = new Reflector<>(api, pods).start();
    loop.start();
    Thread.ofVirtual().name("begin").start(() -> begin(loop, leader, nodes, pods));

    Daemon.awaitStop(loop, podFeed, nodeFeed, writers::shutdown, leader, events, health, timers);
    return 0;
  }

  /** Places pods only once both caches are full and the lease is held. */
  private void begin(SchedulingLoop loop, Leader leader, Informer<Node> nodes, Informer<Pod> pods) {
    try {
      nodes.awaitSync();
      pods.awaitSync();
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
