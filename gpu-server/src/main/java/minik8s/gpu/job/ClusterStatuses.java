package minik8s.gpu.job;

import java.time.Instant;
import java.util.List;
import minik8s.api.Condition;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.Probe;
import minik8s.gpu.slurm.RemoteFailure;

/** The statuses of a cluster. Pure; times come in. */
final class ClusterStatuses {
  private ClusterStatuses() {}

  static SlurmCluster.Status reached(SlurmCluster cluster, Probe probe, Instant now) {
    return new SlurmCluster.Status(
        cluster.metadata().generation(),
        true,
        probe.version(),
        probe.home(),
        probe.partitions(),
        probe.fingerprints(),
        "",
        "",
        conditions(cluster, true, "Connected", "the login host lets us in and Slurm answers", now));
  }

  /**
   * @param refused names the credentials that must not be tried again; empty for none
   * @param slurmOnly whether the login host itself is well
   */
  static SlurmCluster.Status failed(
      SlurmCluster cluster, RemoteFailure e, String refused, boolean slurmOnly, Instant now) {
    SlurmCluster.Status before = cluster.status();
    return new SlurmCluster.Status(
        cluster.metadata().generation(),
        false,
        before.version(),
        before.home(),
        before.partitions(),
        before.hostKeyFingerprints(),
        e.sentence(),
        refused,
        conditions(
            cluster,
            false,
            e.kind().reason(),
            (slurmOnly ? "the login host is reached, but: " : "") + e.sentence(),
            now));
  }

  private static List<Condition> conditions(
      SlurmCluster cluster, boolean reachable, String reason, String message, Instant now) {
    return Condition.set(
        cluster.status().conditions(),
        Condition.of(
            SlurmCluster.REACHABLE,
            reachable,
            reason,
            message,
            now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)));
  }
}
