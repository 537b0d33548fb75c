package minik8s.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.ObjectKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * N virtual threads that take keys from one queue and reconcile them. {@link #step} is the whole
 * loop body; tests call it without threads.
 */
public final class ControlLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  private final String name;
  private final WorkQueue<ObjectKey> queue;
  private final Reconciler reconciler;
  private final LoopMetrics metrics;
  private final Backoff<ObjectKey> backoff =
      new Backoff<>(Duration.ofMillis(5), Duration.ofSeconds(60));
  private final List<Thread> workers = new ArrayList<>();

  /**
   * @param name appears in logs and metrics, such as {@code deployment}
   */
  public ControlLoop(
      String name, WorkQueue<ObjectKey> queue, Reconciler reconciler, LoopMetrics metrics) {
    this.name = name;
    this.queue = queue;
    this.reconciler = reconciler;
    this.metrics = metrics;
    metrics.watchDepth(name, queue);
  }

  /** Starts the workers. */
  public ControlLoop start(int workerCount) {
    for (int i = 0; i < workerCount; i++) {
      workers.add(Thread.ofVirtual().name(name + "-" + i).start(this::run));
    }
    return this;
  }

  private void run() {
    try {
      Optional<ObjectKey> key = queue.take();
      while (key.isPresent()) {
        process(key.get());
        key = queue.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Processes one waiting key; false when none waits. */
  public boolean step() {
    Optional<ObjectKey> key = queue.poll();
    key.ifPresent(this::process);
    return key.isPresent();
  }

  private void process(ObjectKey key) {
    long begin = System.nanoTime();
    boolean failed = false;
    try {
      Reconciler.Result result = reconciler.reconcile(key);
      backoff.reset(key);
      switch (result) {
        case Reconciler.Result.Done _ -> {}
        case Reconciler.Result.After after -> queue.addAfter(key, after.delay());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      failed = true;
      Duration pause = backoff.next(key);
      complain(key, e, pause);
      queue.addAfter(key, pause);
    } finally {
      queue.done(key);
      metrics.processed(name, Duration.ofNanos(System.nanoTime() - begin), failed);
    }
  }

  /** A conflict is the normal course of things; an API failure is a sentence; the rest is a bug. */
  private void complain(ObjectKey key, Exception e, Duration pause) {
    if (e instanceof ApiException api) {
      if (api.conflict()) {
        LOG.debug("{} {}: {}", name, key, e.getMessage());
      } else {
        LOG.warn("{} {}: {} (again in {})", name, key, e.getMessage(), pause);
      }
    } else {
      LOG.error("{} {} failed (again in {})", name, key, pause, e);
    }
  }

  @Override
  public void close() {
    queue.shutDown();
    workers.forEach(Thread::interrupt);
  }
}
