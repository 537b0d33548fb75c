package minik8s.gpu.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.Resources;
import minik8s.api.Secret;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.Timers;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuResources;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.results.ResultsFolder;
import minik8s.testing.FakeApi;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A gpu-server on threads of its own over an API in memory; closed it is as dead as killed. */
final class GpuWorld implements AutoCloseable {
  static final String URL = "http://results";

  final FakeApi api;
  final Path results;
  private final Timers timers = Timers.system();
  private final EventRecorder events;
  private final GpuLoops loops;
  private final List<Reflector<?>> reflectors;

  GpuWorld(
      FakeApi api,
      Path results,
      ClusterReconciler.GatewayFactory gateways,
      @Nullable Path workDir) {
    this(api, api, results, gateways, workDir);
  }

  GpuWorld(
      FakeApi api,
      Api seen,
      Path results,
      ClusterReconciler.GatewayFactory gateways,
      @Nullable Path workDir) {
    this.api = api;
    this.results = results;
    events = new EventRecorder(api, "gpu-server", "", timers);
    Informer<GpuJob> jobs = new Informer<>(GpuResources.GPU_JOBS, ListOptions.ALL, List.of());
    Informer<SlurmCluster> clusters =
        new Informer<>(GpuResources.SLURM_CLUSTERS, ListOptions.ALL, List.of());
    loops =
        new GpuLoops(
            new GpuLoops.Parts(
                seen,
                jobs,
                clusters,
                key -> api.find(Resources.SECRETS, key),
                gateways,
                new ResultsFolder(results, URL),
                workDir,
                1 << 30,
                events,
                JobMetrics.NONE,
                LoopMetrics.NONE,
                timers));
    reflectors =
        List.of(new Reflector<>(api, clusters).start(), new Reflector<>(api, jobs).start());
    loops.start(64, 4);
  }

  void create(SlurmCluster cluster) {
    api.create(GpuResources.SLURM_CLUSTERS, "", cluster);
  }

  void create(Secret secret) {
    api.create(Resources.SECRETS, secret.metadata().namespace(), secret);
  }

  void wakeCluster(String name) {
    loops.wakeCluster(ObjectKey.cluster(name));
  }

  /** Creates a job out of its spec as JSON. */
  GpuJob create(String name, String spec) {
    return create(api, name, spec);
  }

  static GpuJob create(FakeApi api, String name, String spec) {
    ObjectNode job = Json.tree(new GpuJobHead(ObjectMeta.of("default", name, Map.of())));
    job.set("spec", Json.parse(spec));
    return api.create(GpuResources.GPU_JOBS, "default", job);
  }

  private record GpuJobHead(ObjectMeta metadata) {}

  GpuJob get(String name) {
    return api.get(GpuResources.GPU_JOBS, new ObjectKey("default", name));
  }

  /** Waits until the job is as it should be. */
  GpuJob await(String name, Duration limit, Predicate<GpuJob> test) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      GpuJob job = get(name);
      if (test.test(job)) {
        return job;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("after " + limit + " the job is " + job.status());
      }
      Thread.sleep(50);
    }
  }

  GpuJob awaitEnd(String name, Duration limit) throws InterruptedException {
    return await(name, limit, job -> job.status().current().terminal());
  }

  @Override
  public void close() {
    reflectors.forEach(Reflector::close);
    loops.close();
    events.close();
    timers.close();
  }
}
