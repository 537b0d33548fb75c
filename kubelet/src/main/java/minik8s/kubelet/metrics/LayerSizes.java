package minik8s.kubelet.metrics;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * How much containers have written, found by walking their folders. Thread-safe. A walk may take
 * long, so nobody waits for one: whoever asks gets the last result, and a new walk, one at a time,
 * begins when that is older than {@link #FRESH}. Nothing is walked unless someone asks.
 */
final class LayerSizes {
  /** Source: cAdvisor's {@code DefaultPeriod} of its fsHandler. */
  static final Duration FRESH = Duration.ofMinutes(1);

  private static final Size UNKNOWN = new Size(-1, -1);

  /** Files take whole blocks; 4096 bytes on every usual file system. */
  private static final long BLOCK = 4096;

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Executor walkers;
  private final InstantSource clock;
  private final Semaphore turn = new Semaphore(1);

  /** Bytes; negative while unknown. Immutable. */
  record Size(long layerBytes, long logBytes) {}

  private record Entry(Size size, Instant asked) {}

  LayerSizes(Executor walkers, InstantSource clock) {
    this.walkers = walkers;
    this.clock = clock;
  }

  /** The last known size, and a new walk if that is old. */
  Size of(String id, String layer, String folder) {
    Instant now = clock.instant();
    Entry entry = entries.get(id);
    if (entry == null || entry.asked().plus(FRESH).isBefore(now)) {
      Size last = entry == null ? UNKNOWN : entry.size();
      entries.put(id, new Entry(last, now));
      walkers.execute(() -> walk(id, layer, folder, now));
    }
    Entry latest = entries.get(id);
    return latest == null ? UNKNOWN : latest.size();
  }

  private void walk(String id, String layer, String folder, Instant asked) {
    turn.acquireUninterruptibly();
    try {
      Size size = new Size(size(layer), size(folder));
      entries.computeIfPresent(id, (_, _) -> new Entry(size, asked));
    } finally {
      turn.release();
    }
  }

  /** Forgets containers that are gone. */
  void retain(Set<String> ids) {
    entries.keySet().retainAll(ids);
  }

  private static long size(String folder) {
    if (folder.isEmpty()) {
      return -1;
    }
    long[] sum = new long[1];
    Set<Object> seen = new HashSet<>();
    try {
      Files.walkFileTree(
          Path.of(folder),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              // Whole blocks already, or in memory, as a sandbox's /dev/shm is.
              sum[0] += attributes.size() / BLOCK * BLOCK;
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Object key = attributes.fileKey();
              if (key == null || seen.add(key)) {
                sum[0] += attributes.isRegularFile() ? blocks(attributes.size()) : 0;
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      return -1;
    }
    return sum[0];
  }

  private static long blocks(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }
}
