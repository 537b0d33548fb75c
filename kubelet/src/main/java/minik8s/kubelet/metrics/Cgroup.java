package minik8s.kubelet.metrics;

import java.util.List;

/**
 * One control group as the kernel shows it: what its processes have used and what they are limited
 * to. Thread-safe; each method reads anew. A group that is gone reads as zeros.
 *
 * <p>Source of what the numbers mean: cAdvisor's {@code container/libcontainer/handler.go}.
 */
sealed interface Cgroup permits CgroupV1, CgroupV2 {
  /** Processor time used. */
  CpuUse cpu();

  /** Memory in use. */
  MemoryUse memory();

  /** Block I/O, by device. */
  List<DiskUse> disks();

  /** Limits. */
  Spec spec();

  /** How many tasks there are. */
  long tasks();

  /** Where the files are: which controller, which file. */
  @FunctionalInterface
  interface Source {
    /** The file's text; empty when absent. */
    String read(String controller, String file);
  }

  /**
   * Processor time. Immutable.
   *
   * @param periods of CFS bandwidth control; 0 without a quota
   */
  record CpuUse(
      long totalNanos,
      long userNanos,
      long systemNanos,
      long periods,
      long throttledPeriods,
      long throttledNanos) {}

  /**
   * Memory, in bytes. Immutable.
   *
   * @param workingSet what cannot be reclaimed at once: usage without inactive file pages
   * @param failures how often the limit was hit
   */
  record MemoryUse(
      long usage,
      long workingSet,
      long rss,
      long cache,
      long swap,
      long mappedFile,
      long maxUsage,
      long failures,
      long pageFaults,
      long majorPageFaults) {
    static long without(long usage, long inactiveFile) {
      return Math.max(0, usage - inactiveFile);
    }
  }

  /**
   * Block I/O of one device. Immutable.
   *
   * @param device its numbers, {@code major:minor}
   */
  record DiskUse(String device, long readBytes, long writtenBytes, long reads, long writes) {
    boolean isIdle() {
      return readBytes == 0 && writtenBytes == 0 && reads == 0 && writes == 0;
    }
  }

  /**
   * Limits; 0 where there is none. Immutable.
   *
   * @param cpuQuota microseconds in each period
   */
  record Spec(
      long cpuShares,
      long cpuPeriod,
      long cpuQuota,
      long memoryLimit,
      long swapLimit,
      long memoryReservation) {}
}
