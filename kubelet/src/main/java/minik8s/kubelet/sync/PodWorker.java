package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import minik8s.api.Pod;
import minik8s.control.Timers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A virtual thread and a mailbox for one pod: of several letters only the newest is read. The
 * mailbox is thread-safe; the syncer belongs to the thread.
 */
final class PodWorker {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration AFTER_FAULT = Duration.ofSeconds(5);

  private final Timers timers;
  private final PodSyncer syncer;
  private final Runnable whenDone;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition letter = lock.newCondition();
  private Pod pod;
  private boolean absent;
  private boolean pending;
  private Timers.@Nullable Alarm alarm;

  PodWorker(Workshop shop, Pod pod, Runnable whenDone) {
    this.timers = shop.timers();
    this.syncer = new PodSyncer(shop, pod, this::poke);
    this.whenDone = whenDone;
    this.pod = pod;
    this.thread = Thread.ofVirtual().name("pod-" + pod.uid()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The pod is so now; absent once it was absent. */
  void post(Pod now, boolean gone) {
    lock.lock();
    try {
      pod = now;
      absent |= gone;
      pending = true;
      letter.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Look again. */
  void poke() {
    lock.lock();
    try {
      pending = true;
      letter.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Something that the pod's volumes hold has changed. */
  void volumesChanged() {
    syncer.volumesChanged();
  }

  /** The pod has to make room. */
  void evict(Verdict verdict) {
    syncer.evict(verdict);
  }

  Pod pod() {
    lock.lock();
    try {
      return pod;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (step()) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a letter and acts on it; false when the pod is gone for good. */
  private boolean step() throws InterruptedException {
    Pod now;
    boolean gone;
    lock.lock();
    try {
      while (!pending) {
        letter.await();
      }
      pending = false;
      now = pod;
      gone = absent;
    } finally {
      lock.unlock();
    }
    if (alarm != null) {
      alarm.cancel();
    }
    switch (look(now, gone)) {
      case PodSyncer.Next.Rest _ -> {}
      case PodSyncer.Next.At at -> alarm = timers.after(until(at.time()), this::poke);
      case PodSyncer.Next.Done _ -> {
        whenDone.run();
        return false;
      }
    }
    return true;
  }

  private PodSyncer.Next look(Pod now, boolean gone) throws InterruptedException {
    try {
      return syncer.sync(now, gone);
    } catch (RuntimeException e) {
      LOG.error("pod {} failed to sync, will be tried again", now.key(), e);
      return new PodSyncer.Next.At(timers.clock().instant().plus(AFTER_FAULT));
    }
  }

  private Duration until(Instant time) {
    Duration duration = Duration.between(timers.clock().instant(), time);
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  void close() {
    syncer.close();
    thread.interrupt();
  }
}
