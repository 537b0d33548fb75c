package minik8s.kubelet.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the picture true. One serial loop: a hint makes it look at one container at once, and every
 * so often, and whenever hints may have been lost, it lists everything. The list is the truth,
 * hints only make it quicker (habit 13).
 */
public final class RelistLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RelistLoop.class);

  private final ContainerRuntime runtime;
  private final RuntimePicture picture;
  private final Duration period;
  private final Runnable imagesChanged;
  private final BlockingQueue<ContainerRuntime.Hint> hints = new LinkedBlockingQueue<>();
  private volatile String failure = "container runtime not asked yet";
  private volatile boolean closed;
  private @Nullable Thread thread;
  private @Nullable AutoCloseable following;

  /**
   * @param period between full lists while no hint asks for one
   * @param imagesChanged called when images came or went
   */
  public RelistLoop(
      ContainerRuntime runtime, RuntimePicture picture, Duration period, Runnable imagesChanged) {
    this.runtime = runtime;
    this.picture = picture;
    this.period = period;
    this.imagesChanged = imagesChanged;
  }

  /** Lists once, then goes on on a thread of its own. */
  public RelistLoop start() {
    following = runtime.follow(hints::add);
    relist();
    thread =
        Thread.ofVirtual()
            .name("relist")
            .start(() -> {
              while (step()) {}
            });
    return this;
  }

  /** Why the runtime can't be used; empty when it answers. */
  public String failure() {
    return failure;
  }

  /** Takes one hint, or lists when none came for a period; false at the end. */
  boolean step() {
    try {
      ContainerRuntime.Hint hint =
          hints.poll(failure.isEmpty() ? period.toMillis() : 1000, TimeUnit.MILLISECONDS);
      if (closed) {
        return false;
      }
      switch (hint) {
        case null -> relist();
        case ContainerRuntime.Hint.Container container -> {
          // Most hints are of the kubelet's own doing, and it has looked already.
          if (RuntimeDiff.news(picture.get(container.id()), container.word())) {
            look(container.id(), container.word());
          }
        }
        case ContainerRuntime.Hint.Images _ -> imagesChanged.run();
        case ContainerRuntime.Hint.Everything _ -> {
          imagesChanged.run();
          relist();
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Lists everything and looks at what does not fit. */
  void relist() {
    try {
      Map<String, String> listed = runtime.list();
      RuntimeDiff.suspects(picture.snapshot(), listed).forEach(id -> look(id, listed.get(id)));
      if (!failure.isEmpty()) {
        LOG.info("container runtime answers");
        failure = "";
      }
    } catch (RuntimeFailure e) {
      if (failure.isEmpty()) {
        LOG.warn("container runtime is down: {}", e.getMessage());
      }
      failure = String.valueOf(e.getMessage());
    }
  }

  private void look(String id, @Nullable String word) {
    try {
      if (!picture.awaited(id, word)) {
        picture.refresh(id);
      }
    } catch (RuntimeFailure e) {
      LOG.debug("inspect of {} failed, keeping the old picture: {}", id, e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    AutoCloseable open = following;
    if (open != null) {
      try {
        open.close();
      } catch (Exception e) {
        LOG.debug("closing the event stream failed", e);
      }
    }
    if (thread != null) {
      thread.interrupt();
    }
  }
}
