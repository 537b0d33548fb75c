package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import minik8s.api.ObjectKey;
import minik8s.control.Backoff;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.Marks;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.SlurmGateway;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of one cluster: the gateway, the jobs that are followed, and the last
 * that was heard of each. Thread-safe. A new process starts with an empty board and fills it from
 * the statuses of the jobs.
 */
final class ClusterBoard {
  /** A submission that is followed. */
  record Followed(ObjectKey job, String slurmName, String jobId, @Nullable Instant submitted) {}

  /** All that was heard of a submission. */
  record Heard(
      @Nullable JobReport report, Marks marks, @Nullable Instant markedAt, int silentPolls) {
    static final Heard NOTHING = new Heard(null, Marks.NONE, null, 0);
  }

  private final Map<String, Followed> followed = new HashMap<>();
  private final Map<String, ObjectKey> compiling = new HashMap<>();
  private final Map<String, Heard> heard = new HashMap<>();
  private final Set<String> hurried = new TreeSet<>();
  private View.Link link = new View.Link("", -1, "", "", 0);
  private @Nullable SlurmGateway gateway;
  private int submitFailures;
  private Instant submitAgain = Instant.EPOCH;

  synchronized Optional<SlurmGateway> gateway() {
    return Optional.ofNullable(gateway);
  }

  /** The gateway. */
  SlurmGateway reached() throws RemoteFailure {
    return gateway()
        .orElseThrow(() ->
            new RemoteFailure(RemoteFailure.Kind.UNREACHABLE, "the cluster is not reached yet"));
  }

  /** Another way to the cluster, or none; what was heard stays true. */
  synchronized void use(@Nullable SlurmGateway next) {
    gateway = next;
    link = new View.Link("", -1, "", "", 0);
  }

  synchronized void reached(String base, int userId) {
    link = new View.Link(base, userId, "", "", 0);
  }

  synchronized void notReached(String reason, String message) {
    link = new View.Link(link.base(), link.userId(), reason, message, 0);
  }

  synchronized View.Link link() {
    return new View.Link(
        link.base(), link.userId(), link.reason(), link.message(), followed.size());
  }

  /** Follows a submission; true when it was not followed before. */
  synchronized boolean follow(String token, Followed what) {
    Followed before = followed.put(token, what);
    if (before == null) {
      hurried.add(token);
    }
    return before == null;
  }

  /** Waits for the mark of a compilation; true when it was not waited for before. */
  synchronized boolean awaitCompiled(String token, ObjectKey job) {
    return compiling.put(token, job) == null;
  }

  /** Forgets a submission. */
  synchronized void forget(String token) {
    followed.remove(token);
    compiling.remove(token);
    heard.remove(token);
    hurried.remove(token);
  }

  synchronized Heard heard(String token) {
    return heard.getOrDefault(token, Heard.NOTHING);
  }

  /** Asks the accounting about this submission at the next opportunity, not at the next poll. */
  synchronized void hurry(String token) {
    if (followed.containsKey(token)) {
      hurried.add(token);
    }
  }

  /** How long nobody should try to submit, because Slurm could not be asked just now. */
  synchronized Duration submissionPause(Instant now) {
    return now.isBefore(submitAgain) ? Duration.between(now, submitAgain) : Duration.ZERO;
  }

  /** Slurm could not be asked: all submissions pause, each time longer, up to a minute. */
  synchronized void submissionsFail(Instant now) {
    if (!now.isBefore(submitAgain)) {
      submitFailures++;
      submitAgain =
          now.plus(Backoff.delay(Duration.ofSeconds(2), Duration.ofMinutes(1), submitFailures));
    }
  }

  synchronized void submissionsWork() {
    submitFailures = 0;
    submitAgain = Instant.EPOCH;
  }

  synchronized boolean busy() {
    return !followed.isEmpty() || !compiling.isEmpty();
  }

  synchronized Map<String, Followed> all() {
    return Map.copyOf(followed);
  }

  synchronized Set<String> hurried() {
    return Set.copyOf(hurried);
  }

  /** Takes the marks of all jobs; answers the jobs for which something is new. */
  synchronized List<ObjectKey> mark(Map<String, Marks> marks, Instant now) {
    Set<ObjectKey> changed = new TreeSet<>();
    followed.forEach((token, what) -> {
      if (note(token, marks.getOrDefault(token, Marks.NONE), now)) {
        changed.add(what.job());
      }
    });
    compiling.forEach((token, job) -> {
      if (marks.getOrDefault(token, Marks.NONE).compiled()) {
        note(token, marks.getOrDefault(token, Marks.NONE), now);
        changed.add(job);
      }
    });
    return List.copyOf(changed);
  }

  private boolean note(String token, Marks seen, Instant now) {
    Heard before = heard.getOrDefault(token, Heard.NOTHING);
    if (before.marks().equals(seen)) {
      return false;
    }
    boolean newlyEnded = !seen.ended().equals(before.marks().ended());
    if (newlyEnded && !seen.ended().isEmpty()) {
      hurried.add(token);
    }
    Instant at =
        seen.ended().isEmpty() ? null : before.markedAt() == null ? now : before.markedAt();
    heard.put(token, new Heard(before.report(), seen, at, before.silentPolls()));
    return true;
  }

  /** Takes what Slurm says of the submissions asked for; answers the jobs that it changes. */
  synchronized List<ObjectKey> report(Collection<String> asked, Map<String, JobReport> reports) {
    Set<ObjectKey> changed = new TreeSet<>();
    for (String token : asked) {
      Followed what = followed.get(token);
      if (what == null) {
        continue;
      }
      Heard before = heard.getOrDefault(token, Heard.NOTHING);
      JobReport report = reports.get(token);
      int silent = report == null ? before.silentPolls() + 1 : 0;
      JobReport kept = report == null ? before.report() : report;
      Heard now = new Heard(kept, before.marks(), before.markedAt(), silent);
      heard.put(token, now);
      int ended = before.marks().ended().size();
      boolean settled = ended == 0 || (report != null && report.ended() && report.tasks() >= ended);
      if (settled) {
        hurried.remove(token);
      }
      if (!now.equals(before) && (report != null || silent >= 3)) {
        changed.add(what.job());
      }
    }
    return List.copyOf(changed);
  }
}
