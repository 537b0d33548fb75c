package minik8s.kubelet.gc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images that this kubelet has pulled, and when each was used last; kept in a file, so that the
 * next kubelet knows them too. Thread-safe. A ledger that is lost makes images stay, never go.
 */
public final class ImageLedger {
  private static final Logger LOG = LoggerFactory.getLogger(ImageLedger.class);

  /** One image. */
  public record Entry(Instant pulled, Instant used) {}

  private final Path file;
  private final Map<String, Entry> entries = new TreeMap<>();

  public ImageLedger(Path file) {
    this.file = file;
    try {
      if (Files.isRegularFile(file)) {
        Files.readAllLines(file).forEach(this::read);
      }
    } catch (IOException e) {
      LOG.warn("ledger of pulled images not read: {}", e.getMessage());
    }
  }

  private void read(String line) {
    String[] words = line.split(" ");
    if (words.length == 3 && words[1].matches("\\d{1,18}") && words[2].matches("\\d{1,18}")) {
      entries.put(words[0], new Entry(time(words[1]), time(words[2])));
    }
  }

  private static Instant time(String seconds) {
    return Instant.ofEpochSecond(Long.parseLong(seconds));
  }

  public synchronized Map<String, Entry> entries() {
    return Map.copyOf(entries);
  }

  /** This kubelet has pulled the image. */
  public synchronized void pulled(String id, Instant now) {
    entries.put(id, new Entry(now, now));
    write();
  }

  /**
   * These are there now and these have containers now; others are forgotten.
   *
   * @param present ids
   * @param inUse ids
   */
  public synchronized void seen(Set<String> present, Set<String> inUse, Instant now) {
    boolean changed = entries.keySet().retainAll(present);
    for (String id : inUse) {
      changed |= entries.computeIfPresent(id, (_, e) -> new Entry(e.pulled(), now)) != null;
    }
    if (changed) {
      write();
    }
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    entries.forEach((id, entry) ->
        text.append(
            id
                + " "
                + entry.pulled().getEpochSecond()
                + " "
                + entry.used().getEpochSecond()
                + "\n"));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("ledger of pulled images not written: {}", e.getMessage());
    }
  }
}
