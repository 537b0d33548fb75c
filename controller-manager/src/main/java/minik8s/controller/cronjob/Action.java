package minik8s.controller.cronjob;

import java.time.Instant;
import minik8s.api.Job;
import minik8s.api.ObjectReference;

/** One thing to do for a cron job. Immutable. */
sealed interface Action {
  /** Make the job of a time. */
  record Create(String name, Instant due) implements Action {}

  /** Delete a job that runs, in favour of the next one. */
  record Replace(ObjectReference job) implements Action {}

  /** Delete a job that finished before enough others did. */
  record Prune(Job job) implements Action {}

  /** Tell something. */
  record Tell(boolean warning, String reason, String message) implements Action {}
}
