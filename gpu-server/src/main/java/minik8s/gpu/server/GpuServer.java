package minik8s.gpu.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import minik8s.api.ObjectKey;
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
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuResources;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.job.GpuLoops;
import minik8s.gpu.results.ResultsFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The gpu-server's main: what it is made of and in which order all starts. */
@Command(
    name = "gpu-server",
    mixinStandardHelpOptions = true,
    description =
        "Runs GpuJobs on Slurm clusters over SSH and lays their results where people find them.")
public final class GpuServer implements Callable<Integer> {
  private static final int PORT = 10270;
  private static final String NAME = "gpu-server";
  private static final int CLUSTER_WORKERS = 16;

  @Mixin private final DaemonFlags flags = new DaemonFlags();
  @Mixin private final GpuFlags own = new GpuFlags();

  public static void main(String... args) {
    Daemon.main(new GpuServer(), args);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    Files.createDirectories(own.resultsDir);
    KubeConfig config = flags.kubeConfig();
    Metrics metrics = new Metrics();
    GpuMetrics gpuMetrics = new GpuMetrics(metrics.registry());
    Timers timers = Timers.system();
    HttpApi api = new HttpApi(config, NAME, metrics::clientRequest);
    EventRecorder events = new EventRecorder(api, NAME, "", timers);
    Informer<GpuJob> jobs = new Informer<>(GpuResources.GPU_JOBS, ListOptions.ALL, List.of());
    gpuMetrics.count(jobs.lister()::all);
    Informer<SlurmCluster> clusters =
        new Informer<>(GpuResources.SLURM_CLUSTERS, ListOptions.ALL, List.of());
    AtomicReference<GpuLoops> loops = new AtomicReference<>();
    Secrets secrets = new Secrets(api, secret -> wake(loops.get(), clusters, secret));
    loops.set(
        new GpuLoops(
            new GpuLoops.Parts(
                api,
                jobs,
                clusters,
                secrets::get,
                new SshGateways(timers, gpuMetrics),
                new ResultsFolder(own.resultsDir, own.resultsUrl),
                own.workDir,
                own.largestResult,
                events,
                gpuMetrics,
                metrics,
                timers)));

    HealthServer health = flags.healthServer(PORT, metrics);
    health.readyWhen("caches", () -> jobs.synced() && clusters.synced());
    Leader leader = new Leader(new LeaderElection(api, NAME, identity(), timers), timers);
    Reflector<GpuJob> jobReflector = new Reflector<>(api, jobs).start();
    Reflector<SlurmCluster> clusterReflector = new Reflector<>(api, clusters).start();
    Thread.ofVirtual().name("begin").start(() -> begin(jobs, clusters, leader, loops.get()));
    Daemon.awaitStop(
        loops.get(), secrets, jobReflector, clusterReflector, events, leader, health, timers);
    return 0;
  }

  /** Acts only once the caches are full and the lease is held. */
  private void begin(
      Informer<GpuJob> jobs, Informer<SlurmCluster> clusters, Leader leader, GpuLoops loops) {
    try {
      clusters.awaitSync();
      jobs.awaitSync();
      if (flags.leaderElect()) {
        leader.start().await();
      }
      loops.start(own.workers, CLUSTER_WORKERS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void wake(GpuLoops loops, Informer<SlurmCluster> clusters, ObjectKey secret) {
    for (SlurmCluster cluster : clusters.lister().all()) {
      if (cluster.spec().credentialsSecretRef().key().equals(secret)) {
        loops.wakeCluster(cluster.key());
      }
    }
  }

  /** Host and port, which no two live processes share; the same again after a crash. */
  private String identity() {
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + flags.securePort(PORT);
    } catch (UnknownHostException e) {
      return "localhost_" + flags.securePort(PORT);
    }
  }
}
