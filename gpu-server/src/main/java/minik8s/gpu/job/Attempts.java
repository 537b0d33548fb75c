package minik8s.gpu.job;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import minik8s.gpu.GpuJob;
import minik8s.gpu.job.View.Submitting;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of the attempts of jobs. It may be lost at any moment: it only spares
 * questions to Slurm. Thread-safe for different jobs.
 */
final class Attempts {
  private final Map<String, Memory> memories = new ConcurrentHashMap<>();

  /** Of one attempt. Confined to the job's worker. */
  static final class Memory {
    Submitting submitting = Submitting.UNKNOWN;
    @Nullable Instant doubtSince;
    @Nullable Instant peekedAt;
  }

  /** Tells the job's present attempt from all others. */
  static String token(GpuJob job) {
    return job.uid() + "-" + Math.max(1, job.status().attempt());
  }

  Memory of(GpuJob job) {
    return memories.computeIfAbsent(token(job), _ -> new Memory());
  }

  void forget(GpuJob job) {
    memories.remove(token(job));
  }
}
