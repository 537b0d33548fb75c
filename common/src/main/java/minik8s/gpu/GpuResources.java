package minik8s.gpu;

import minik8s.api.Resource;

/** The kinds of {@code gpu.minik8s.io/v1}; defined by {@code deploy/gpu/crds.yaml}. */
public final class GpuResources {
  private static final String GROUP = "gpu.minik8s.io";

  private GpuResources() {}

  public static final Resource<GpuJob> GPU_JOBS =
      new Resource<>(GROUP, "v1", "gpujobs", "GpuJob", true, GpuJob.class);
  public static final Resource<SlurmCluster> SLURM_CLUSTERS =
      new Resource<>(GROUP, "v1", "slurmclusters", "SlurmCluster", false, SlurmCluster.class);
}
