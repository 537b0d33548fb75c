package minik8s.gpu.job;

import java.time.Duration;

/** Told of what becomes of jobs. Thread-safe. */
public interface JobMetrics {
  /** Counts nothing; for tests. */
  JobMetrics NONE =
      new JobMetrics() {
        @Override
        public void submission(String result) {}

        @Override
        public void ended(String phase, String reason) {}

        @Override
        public void queued(Duration time) {}
      };

  /** An attempt to submit: accepted, refused, unavailable or doubtful. */
  void submission(String result);

  /** A job ended. */
  void ended(String phase, String reason);

  /** How long a job waited in Slurm's queue. */
  void queued(Duration time);
}
