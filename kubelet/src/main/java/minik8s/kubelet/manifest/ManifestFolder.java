package minik8s.kubelet.manifest;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import minik8s.api.codec.Yaml;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A folder of manifests, one pod in each file, read anew when the kernel says that something in it
 * changed. One thread. A file that can't be read as a pod leaves the pod that it was before:
 * whoever is writing it is not done yet.
 */
public final class ManifestFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);

  /** Writers change files in several steps. */
  private static final long SETTLE_MILLIS = 100;

  private final Path folder;
  private final String node;
  private final Consumer<Collection<StaticPod>> told;
  private final Map<Path, StaticPod> known = new HashMap<>();
  private @Nullable WatchService watch;

  /**
   * @param told all pods of the folder, whenever they are not what they were
   */
  public ManifestFolder(Path folder, String node, Consumer<Collection<StaticPod>> told) {
    this.folder = folder;
    this.node = node;
    this.told = told;
  }

  /** Reads the folder, making it if need be, and goes on on a thread of its own. */
  public ManifestFolder start() throws IOException {
    Files.createDirectories(folder);
    WatchService service = folder.getFileSystem().newWatchService();
    watch = service;
    folder.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
    read();
    told.accept(known.values());
    Thread.ofPlatform().daemon().name("manifests").start(() -> follow(service));
    return this;
  }

  private void follow(WatchService service) {
    try {
      while (true) {
        WatchKey key = service.take();
        do {
          key.pollEvents();
          var _ = key.reset();
          key = service.poll(SETTLE_MILLIS, TimeUnit.MILLISECONDS);
        } while (key != null);
        if (read()) {
          told.accept(known.values());
        }
      }
    } catch (ClosedWatchServiceException e) {
      // The kubelet stops.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads the folder; whether it asks for other pods than before. */
  boolean read() {
    Map<Path, StaticPod> now = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> plain =
          files
              .filter(f -> Files.isRegularFile(f) && !f.getFileName().toString().startsWith("."))
              .toList();
      for (Path file : plain) {
        StaticPod pod = read(file);
        if (pod != null) {
          now.put(file, pod);
        }
      }
    } catch (IOException e) {
      LOG.warn("folder of manifests not read: {}", e.getMessage());
      return false;
    }
    boolean changed = !now.equals(known);
    known.clear();
    known.putAll(now);
    return changed;
  }

  private @Nullable StaticPod read(Path file) {
    try {
      return StaticPod.of(document(file), file.toString(), node);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is no manifest of a pod: {}", file, e.getMessage());
      return known.get(file);
    }
  }

  private static JsonNode document(Path file) throws IOException {
    List<JsonNode> documents = Yaml.documents(Files.readString(file));
    if (documents.size() != 1) {
      throw new IllegalArgumentException(documents.size() + " documents where one was due");
    }
    return documents.getFirst();
  }

  @Override
  public void close() throws IOException {
    WatchService open = watch;
    if (open != null) {
      open.close();
    }
  }
}
