package minik8s.control;

import java.time.Duration;

/** Where control loops report what they do. Thread-safe. */
public interface LoopMetrics {
  /** Reports nothing; for tests. */
  LoopMetrics NONE =
      new LoopMetrics() {
        @Override
        public void watchDepth(String loop, WorkQueue<?> queue) {}

        @Override
        public void processed(String loop, Duration took, boolean failed) {}
      };

  /** Exposes the queue's depth as {@code workqueue_depth}. */
  void watchDepth(String loop, WorkQueue<?> queue);

  /** One key was processed. */
  void processed(String loop, Duration took, boolean failed);
}
