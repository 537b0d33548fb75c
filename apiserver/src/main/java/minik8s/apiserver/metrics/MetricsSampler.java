package minik8s.apiserver.metrics;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import minik8s.api.ApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Samples of nodes, taken when somebody asks and kept for who asks next. Thread-safe; several asks
 * about one node share a sample.
 *
 * <p>Nothing is sampled while nobody asks. A rate needs two samples: whoever asks first about a
 * node waits for a second one.
 */
public final class MetricsSampler {
  /** Younger samples are not taken anew; a rate over less says little. */
  static final Duration FRESH = Duration.ofSeconds(10);

  /** An older sample is no beginning of a window that says something about now. */
  static final Duration STALE = Duration.ofMinutes(2);

  /** How long the first ask about a node waits for its second sample, and how often. */
  static final Duration FIRST_WINDOW = Duration.ofSeconds(2);

  private static final int FIRST_TRIES = 4;
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);
  private static final Logger log = LoggerFactory.getLogger(MetricsSampler.class);

  /** Reads {@code /metrics/resource} of a node's kubelet. */
  @FunctionalInterface
  public interface Source {
    /**
     * The text that the kubelet answers.
     *
     * @throws IOException or ApiException when it does not
     */
    String read(String node) throws IOException;
  }

  /** Waits; a test's one only moves its clock. */
  @FunctionalInterface
  public interface Pause {
    /** Returns after this long. */
    void await(Duration time) throws InterruptedException;
  }

  /** A node's two last samples. Guarded by its lock. */
  private static final class Node {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable NodeSample before;
    @Nullable NodeSample latest;
    Instant taken = Instant.EPOCH;
    volatile Instant asked = Instant.EPOCH;
  }

  private final Source source;
  private final InstantSource clock;
  private final Pause pause;
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  /** Samples from {@code source}. */
  public MetricsSampler(Source source, InstantSource clock, Pause pause) {
    this.source = source;
    this.clock = clock;
    this.pause = pause;
  }

  /** The usage of these nodes and their containers; nodes that do not answer are left out. */
  Map<String, NodeUsage> of(Set<String> names) throws InterruptedException {
    forget();
    Map<String, Future<Optional<NodeUsage>>> asked = new LinkedHashMap<>();
    Map<String, NodeUsage> known = new HashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      names.forEach(name -> asked.put(name, threads.submit(() -> sample(name))));
      for (Map.Entry<String, Future<Optional<NodeUsage>>> each : asked.entrySet()) {
        each.getValue().get().ifPresent(usage -> known.put(each.getKey(), usage));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("sampling failed", e.getCause());
    }
    return known;
  }

  private void forget() {
    Instant old = clock.instant().minus(FORGOTTEN);
    nodes.values().removeIf(node -> node.asked.isBefore(old));
  }

  private Optional<NodeUsage> sample(String name) throws InterruptedException {
    Node node = nodes.computeIfAbsent(name, _ -> new Node());
    node.asked = clock.instant();
    node.lock.lockInterruptibly();
    try {
      if (!node.taken.plus(FRESH).isAfter(clock.instant())) {
        take(name, node);
      }
      for (int i = 0; i < FIRST_TRIES && node.latest != null && node.before == null; i++) {
        pause.await(FIRST_WINDOW);
        take(name, node);
      }
      NodeSample latest = node.latest;
      return latest == null
          ? Optional.empty()
          : Optional.of(NodeUsage.between(node.before, latest));
    } catch (IOException | ApiException | JacksonException e) {
      log.info("node {} tells no metrics: {}", name, e.getMessage());
      return Optional.empty();
    } finally {
      node.lock.unlock();
    }
  }

  private void take(String name, Node node) throws IOException {
    String text = source.read(name);
    Instant now = clock.instant();
    NodeSample sample = NodeSample.read(text, now);
    NodeSample latest = node.latest;
    boolean stale = node.taken.plus(STALE).isBefore(now);
    // A kubelet that measures seldom tells the same again; that is no second sample.
    if (latest == null || stale || !sample.equals(latest)) {
      node.before = stale ? null : latest;
      node.latest = sample;
    }
    node.taken = now;
  }
}
