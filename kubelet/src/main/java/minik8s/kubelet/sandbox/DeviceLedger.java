package minik8s.kubelet.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.kubelet.source.SourceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the node's devices each container has, by number from 0; kept in a file, so that the
 * next kubelet gives nothing away twice. Thread-safe.
 */
public final class DeviceLedger {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLedger.class);

  private final Path file;
  private final Map<String, Integer> amounts;

  /** Ids by {@code uid container resource}. */
  private final Map<String, List<String>> taken = new TreeMap<>();

  /**
   * @param amounts how many devices there are of each resource
   */
  public DeviceLedger(Path file, Map<String, Integer> amounts) {
    this.file = file;
    this.amounts = Map.copyOf(amounts);
    try {
      if (Files.isRegularFile(file)) {
        for (String line : Files.readAllLines(file)) {
          int last = line.lastIndexOf(' ');
          taken.put(line.substring(0, last), List.of(line.substring(last + 1).split(",")));
        }
      }
    } catch (IOException e) {
      LOG.warn("ledger of devices not read: {}", e.getMessage());
    }
  }

  /**
   * Devices for a container; the same ones whenever it asks again.
   *
   * @throws SourceFailure when there are not enough
   */
  public synchronized List<String> take(String uid, String container, String resource, int count) {
    String key = uid + " " + container + " " + resource;
    List<String> known = taken.get(key);
    if (known != null && known.size() == count) {
      return known;
    }
    Set<String> used = new HashSet<>();
    taken.forEach((who, ids) -> {
      if (who.endsWith(" " + resource) && !who.equals(key)) {
        used.addAll(ids);
      }
    });
    List<String> free = new ArrayList<>();
    for (int id = 0; id < amounts.getOrDefault(resource, 0); id++) {
      if (!used.contains(Integer.toString(id))) {
        free.add(Integer.toString(id));
      }
    }
    if (free.size() < count) {
      throw new SourceFailure(
          "Allocate failed due to requested number of devices unavailable for %s. Requested: %d, Available: %d, which is unexpected"
              .formatted(resource, count, free.size()));
    }
    List<String> ids = List.copyOf(free.subList(0, count));
    taken.put(key, ids);
    write();
    return ids;
  }

  /** The pod needs its devices no more; idempotent. */
  public synchronized void release(String uid) {
    if (taken.keySet().removeIf(key -> key.startsWith(uid + " "))) {
      write();
    }
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    taken.forEach((key, ids) -> text.append(key + " " + String.join(",", ids) + "\n"));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SourceFailure("ledger of devices not written: " + e.getMessage());
    }
  }
}
