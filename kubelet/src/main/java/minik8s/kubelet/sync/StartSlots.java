package minik8s.kubelet.sync;

import java.util.concurrent.Semaphore;

/**
 * Bounds how many pods are started at once: beyond a few, the engine only gets slower. Thread-safe;
 * first come, first served.
 */
public final class StartSlots {
  private final Semaphore slots;

  public StartSlots(int atOnce) {
    this.slots = new Semaphore(atOnce, true);
  }

  void acquire() throws InterruptedException {
    slots.acquire();
  }

  void release() {
    slots.release();
  }
}
