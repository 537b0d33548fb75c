package minik8s.kubelet.sync;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerRuntime.Image;

/**
 * The node's images: remembers which are present, and pulls several at once, the same one only
 * once. Thread-safe.
 */
public final class ImageStore {
  private static final int PARALLEL_PULLS = 5;

  private final ContainerRuntime runtime;
  private final Map<String, Image> present = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Image>> pulls = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(PARALLEL_PULLS);

  public ImageStore(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  /** The image when it is here. */
  public Optional<Image> find(String reference) {
    Image known = present.get(reference);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Image> found = runtime.image(reference);
    found.ifPresent(image -> present.put(reference, image));
    return found;
  }

  /** Images came or went: forget what was known. */
  public void invalidate() {
    present.clear();
  }

  /** Pulls on a virtual thread; joins a pull of the same image that is under way. */
  public CompletableFuture<Image> pull(String reference) {
    return pulls.computeIfAbsent(
        reference,
        _ -> {
          CompletableFuture<Image> result = new CompletableFuture<>();
          Thread.ofVirtual().name("pull-" + reference).start(() -> pull(reference, result));
          return result;
        });
  }

  private void pull(String reference, CompletableFuture<Image> result) {
    try {
      slots.acquire();
      try {
        runtime.pull(reference);
      } finally {
        slots.release();
      }
      present.remove(reference);
      Optional<Image> image = find(reference);
      pulls.remove(reference);
      if (image.isPresent()) {
        result.complete(image.get());
      } else {
        result.completeExceptionally(
            new IllegalStateException("image is not there after the pull"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      pulls.remove(reference);
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      pulls.remove(reference);
      result.completeExceptionally(e);
    }
  }
}
