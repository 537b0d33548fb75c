package minik8s.gpu.slurm;

/**
 * A plain file in a working directory on the cluster. Immutable.
 *
 * @param path relative to the working directory
 * @param modified seconds since the epoch
 */
public record RemoteFile(String path, long size, long modified) {}
