package minik8s.gpu.job;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import minik8s.api.ObjectKey;
import minik8s.api.Secret;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.gpu.GpuJob;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.results.ResultsFolder;
import org.jspecify.annotations.Nullable;

/**
 * The two loops of the gpu-server, jobs and clusters, and what wakes them. Thread-safe once made;
 * make it before the informers are fed.
 */
public final class GpuLoops implements AutoCloseable {
  private final WorkQueue<ObjectKey> jobQueue;
  private final WorkQueue<ObjectKey> clusterQueue;
  private final ControlLoop jobLoop;
  private final ControlLoop clusterLoop;

  /**
   * What the loops need.
   *
   * @param workDir where host paths lie; null refuses them
   * @param largest bytes of the largest result file that is brought back
   */
  public record Parts(
      Api api,
      Informer<GpuJob> jobs,
      Informer<SlurmCluster> clusters,
      Function<ObjectKey, Optional<Secret>> secrets,
      ClusterReconciler.GatewayFactory gateways,
      ResultsFolder results,
      @Nullable Path workDir,
      long largest,
      EventRecorder events,
      JobMetrics jobMetrics,
      LoopMetrics loopMetrics,
      Timers timers) {}

  public GpuLoops(Parts parts) {
    jobQueue = new WorkQueue<>(parts.timers());
    clusterQueue = new WorkQueue<>(parts.timers());
    Boards boards = new Boards();
    ClusterReconciler clusters =
        new ClusterReconciler(
            parts.api(),
            parts.secrets(),
            parts.clusters().lister(),
            boards,
            parts.gateways(),
            parts.events(),
            parts.timers(),
            jobQueue::add);
    GpuJobReconciler jobs =
        new GpuJobReconciler(
            parts.api(),
            parts.jobs().lister(),
            parts.clusters().lister(),
            boards,
            clusters,
            clusterQueue::add,
            new SourceFiles(parts.api(), parts.workDir()),
            new Collector(parts.results(), parts.largest()),
            parts.events(),
            parts.jobMetrics(),
            parts.timers());
    jobLoop = new ControlLoop("gpujob", jobQueue, jobs, parts.loopMetrics());
    clusterLoop = new ControlLoop("slurmcluster", clusterQueue, clusters, parts.loopMetrics());
    parts
        .jobs()
        .onChange((old, now) -> {
          GpuJob job = now == null ? old : now;
          if (job != null) {
            jobQueue.add(job.key());
          }
        });
    parts.clusters().onChange((old, now) -> changed(parts, old, now));
  }

  /** A new or changed wish, or an end; our own statuses wake nobody. */
  private void changed(Parts parts, @Nullable SlurmCluster old, @Nullable SlurmCluster now) {
    SlurmCluster cluster = now == null ? old : now;
    if (cluster == null) {
      return;
    }
    boolean same =
        old != null && now != null && old.metadata().generation() == now.metadata().generation();
    if (!same) {
      clusterQueue.add(cluster.key());
      for (GpuJob job : parts.jobs().lister().all()) {
        if (job.spec().clusterName().equals(cluster.metadata().name())) {
          jobQueue.add(job.key());
        }
      }
    }
  }

  /** The Secret or the cluster changed: look again at once. */
  public void wakeCluster(ObjectKey cluster) {
    clusterQueue.add(cluster);
  }

  /** Starts the workers. */
  public void start(int jobWorkers, int clusterWorkers) {
    clusterLoop.start(clusterWorkers);
    jobLoop.start(jobWorkers);
  }

  /** One step of either loop; false when nothing waits. For tests. */
  boolean step() {
    return clusterLoop.step() || jobLoop.step();
  }

  @Override
  public void close() {
    jobLoop.close();
    clusterLoop.close();
  }
}
