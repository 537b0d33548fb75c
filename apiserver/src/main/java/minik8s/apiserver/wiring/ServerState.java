package minik8s.apiserver.wiring;

/** Whether the server has finished starting, and whether it is stopping. Thread-safe. */
final class ServerState {
  private volatile boolean ready;
  private volatile boolean stopping;

  /** All initial objects exist. */
  void ready() {
    ready = true;
  }

  /** Held requests are to end. */
  void stop() {
    stopping = true;
  }

  boolean isReady() {
    return ready;
  }

  boolean isStopping() {
    return stopping;
  }
}
