package minik8s.gpu.slurm;

import java.util.List;
import minik8s.gpu.SlurmCluster;

/**
 * What a first look at a cluster shows. Immutable.
 *
 * @param base absolute directory of all jobs
 * @param userId our own user number there; -1 when it is not known
 * @param fingerprints of the host keys that were accepted
 */
public record Probe(
    String version,
    String home,
    String base,
    int userId,
    List<SlurmCluster.Partition> partitions,
    List<String> fingerprints) {
  public Probe {
    partitions = List.copyOf(partitions);
    fingerprints = List.copyOf(fingerprints);
  }
}
