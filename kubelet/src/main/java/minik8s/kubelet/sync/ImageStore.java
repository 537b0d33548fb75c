package minik8s.kubelet.sync;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerRuntime.Image;
import minik8s.kubelet.runtime.ContainerRuntime.Login;
import minik8s.kubelet.runtime.RuntimeFailure;

/**
 * The node's images: remembers which are present, and pulls several at once, the same one only
 * once. Thread-safe.
 */
public final class ImageStore {
  private static final int PARALLEL_PULLS = 5;

  private final ContainerRuntime runtime;
  private final Consumer<Image> pulled;
  private final Map<String, Image> present = new ConcurrentHashMap<>();
  private final Map<Wanted, CompletableFuture<Image>> pulls = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(PARALLEL_PULLS);

  private record Wanted(String reference, List<Login> logins) {}

  public ImageStore(ContainerRuntime runtime) {
    this(runtime, _ -> {});
  }

  /**
   * Images that are told of.
   *
   * @param pulled told of each image that this store has brought
   */
  public ImageStore(ContainerRuntime runtime, Consumer<Image> pulled) {
    this.runtime = runtime;
    this.pulled = pulled;
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

  /**
   * Pulls on a virtual thread; joins a pull of the same image by the same people that is under way.
   *
   * @param logins to try in this order; empty to pull as nobody
   */
  public CompletableFuture<Image> pull(String reference, List<Login> logins) {
    return pulls.computeIfAbsent(
        new Wanted(reference, logins),
        wanted -> {
          CompletableFuture<Image> result = new CompletableFuture<>();
          Thread.ofVirtual().name("pull-" + reference).start(() -> pull(wanted, result));
          return result;
        });
  }

  private void pull(Wanted wanted, CompletableFuture<Image> result) {
    try {
      slots.acquire();
      try {
        fetch(wanted);
      } finally {
        slots.release();
      }
      present.remove(wanted.reference());
      Optional<Image> image = find(wanted.reference());
      pulls.remove(wanted);
      if (image.isPresent()) {
        pulled.accept(image.get());
        result.complete(image.get());
      } else {
        result.completeExceptionally(
            new IllegalStateException("image is not there after the pull"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      pulls.remove(wanted);
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      pulls.remove(wanted);
      result.completeExceptionally(e);
    }
  }

  /** With one login after the other, until one is let in. */
  private void fetch(Wanted wanted) {
    if (wanted.logins().isEmpty()) {
      runtime.pull(wanted.reference(), null);
      return;
    }
    RuntimeFailure last = null;
    for (Login login : wanted.logins()) {
      try {
        runtime.pull(wanted.reference(), login);
        return;
      } catch (RuntimeFailure e) {
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }
}
