package minik8s.kubelet.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import minik8s.control.Timers;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerRuntime.Image;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimeFailure;
import minik8s.kubelet.runtime.RuntimePicture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes ended containers every minute, and images every five, if the disk is fuller than it
 * should be. {@link #containers} and {@link #images} may be called from any thread; one runs at a
 * time.
 */
public final class GarbageLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageLoop.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int IMAGES_EVERY = 5;

  /**
   * The node's disk and pods, as asked for.
   *
   * @param disk capacity and available bytes of the file system that images are on
   * @param goingOn uids of pods that have not ended
   * @param failed told why images could not be removed
   */
  public record Node(
      Supplier<long[]> disk, Supplier<Set<String>> goingOn, Consumer<String> failed) {}

  private final ContainerRuntime runtime;
  private final RuntimePicture picture;
  private final ImageLedger ledger;
  private final ContainerGcPlan.Rules containerRules;
  private final ImageGcPlan.Rules imageRules;
  private final Node node;
  private final Timers timers;
  private int round;
  private volatile boolean closed;

  public GarbageLoop(
      ContainerRuntime runtime,
      RuntimePicture picture,
      ImageLedger ledger,
      ContainerGcPlan.Rules containerRules,
      ImageGcPlan.Rules imageRules,
      Node node,
      Timers timers) {
    this.runtime = runtime;
    this.picture = picture;
    this.ledger = ledger;
    this.containerRules = containerRules;
    this.imageRules = imageRules;
    this.node = node;
    this.timers = timers;
  }

  /** Starts looking. */
  public void start() {
    var _ =
        timers.after(
            PERIOD,
            () -> {
              if (!closed) {
                Thread.ofVirtual().name("garbage").start(this::step);
                start();
              }
            });
  }

  private void step() {
    try {
      containers(containerRules);
      if (++round % IMAGES_EVERY == 0) {
        images();
      }
    } catch (RuntimeFailure e) {
      LOG.debug("will be cleaned up later: {}", e.getMessage());
    }
  }

  /** Removes ended containers beyond the limits. */
  synchronized void containers(ContainerGcPlan.Rules rules) {
    List<ObservedContainer> removals =
        ContainerGcPlan.removals(
            picture.snapshot().values(), node.goingOn().get(), rules, timers.clock().instant());
    for (ObservedContainer container : removals) {
      runtime.remove(container.id());
      picture.refresh(container.id());
    }
  }

  /** Removes unused images while the disk is too full. */
  synchronized void images() {
    long[] disk = node.disk().get();
    long excess = ImageGcPlan.excess(disk[0], disk[1], imageRules);
    long freed = remove(excess, imageRules.minimumAge());
    if (excess > freed) {
      node.failed()
          .accept(
              "Failed to garbage collect required amount of images. Attempted to free %d bytes, but only found %d bytes eligible to free."
                  .formatted(excess, freed));
    }
  }

  /** The node is short of disk: whatever may go goes. */
  public synchronized void everything() {
    try {
      containers(ContainerGcPlan.Rules.ALL);
      remove(Long.MAX_VALUE, Duration.ZERO);
    } catch (RuntimeFailure e) {
      LOG.warn("the disk could not be cleaned up: {}", e.getMessage());
    }
  }

  /** Frees that many bytes where possible, and notes what is in use; the bytes freed. */
  private long remove(long bytes, Duration minimumAge) {
    Instant now = timers.clock().instant();
    if (ledger.entries().isEmpty()) {
      return 0;
    }
    List<Image> images = runtime.images();
    Set<String> inUse = runtime.imagesInUse();
    ledger.seen(images.stream().map(Image::id).collect(Collectors.toSet()), inUse, now);
    long freed = 0;
    for (Image image :
        ImageGcPlan.removals(images, ledger.entries(), inUse, bytes, minimumAge, now)) {
      if (runtime.removeImage(image)) {
        LOG.info("removed unused image {} to make room", image.names());
        freed += image.sizeBytes();
      }
    }
    return freed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
