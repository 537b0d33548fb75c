package minik8s.gpu.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.ObjectKey;
import minik8s.api.Secret;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.gpu.GpuResources;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.JobRow;
import minik8s.gpu.slurm.Probe;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.SlurmState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps each cluster reached and asks it, for all its jobs at once, how they are: marks by SFTP
 * often, the accounting once per poll interval, and sooner only for jobs whose mark says that they
 * ended. Thread-safe; the queue gives one cluster to one worker at a time. A cluster without live
 * jobs is left in peace.
 */
public final class ClusterReconciler implements Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterReconciler.class);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration LONGEST_HURRY = Duration.ofSeconds(30);

  private final Api api;
  private final Function<ObjectKey, Optional<Secret>> secrets;
  private final Lister<SlurmCluster> clusters;
  private final Boards boards;
  private final GatewayFactory factory;
  private final EventRecorder events;
  private final Timers timers;
  private final Consumer<ObjectKey> wake;
  private final Map<String, Way> ways = new ConcurrentHashMap<>();
  private final Map<String, Set<ObjectKey>> waiting = new ConcurrentHashMap<>();

  /** Makes gateways. */
  @FunctionalInterface
  public interface GatewayFactory {
    /**
     * A gateway that connects when it is first used.
     *
     * @param refused why these credentials must not be tried; empty for new ones
     * @throws RemoteFailure when the Secret lacks something
     */
    SlurmGateway make(SlurmCluster cluster, Secret secret, Optional<RemoteFailure> refused)
        throws RemoteFailure;
  }

  /** How one cluster is reached at present, and when it was asked what. Confined to its worker. */
  private static final class Way {
    String made = "";
    @Nullable SlurmGateway gateway;
    @Nullable Probe probe;
    int failures;
    int hurries;
    Instant nextMarks = Instant.EPOCH;
    Instant nextPoll = Instant.EPOCH;
    Instant nextHurry = Instant.EPOCH;
  }

  ClusterReconciler(
      Api api,
      Function<ObjectKey, Optional<Secret>> secrets,
      Lister<SlurmCluster> clusters,
      Boards boards,
      GatewayFactory factory,
      EventRecorder events,
      Timers timers,
      Consumer<ObjectKey> wake) {
    this.api = api;
    this.secrets = secrets;
    this.clusters = clusters;
    this.boards = boards;
    this.factory = factory;
    this.events = events;
    this.timers = timers;
    this.wake = wake;
  }

  private Instant now() {
    return timers.clock().instant();
  }

  @Override
  public Result reconcile(ObjectKey key) throws InterruptedException {
    Way way = ways.computeIfAbsent(key.name(), _ -> new Way());
    ClusterBoard board = boards.of(key.name());
    Optional<SlurmCluster> found = clusters.get(key);
    if (found.isEmpty()) {
      leave(way, board);
      ways.remove(key.name());
      return Result.DONE;
    }
    SlurmCluster cluster = found.get();
    try {
      SlurmGateway gateway = gateway(cluster, way, board);
      if (way.probe == null) {
        probe(cluster, way, board, gateway);
      }
      return follow(cluster, way, board, gateway);
    } catch (RemoteFailure e) {
      return failed(cluster, way, board, e);
    }
  }

  private static void leave(Way way, ClusterBoard board) {
    SlurmGateway old = way.gateway;
    way.gateway = null;
    way.probe = null;
    board.use(null);
    if (old != null) {
      old.close();
    }
  }

  /** The gateway for this spec and this Secret; a change of either makes another. */
  private SlurmGateway gateway(SlurmCluster cluster, Way way, ClusterBoard board)
      throws RemoteFailure {
    ObjectKey secretKey = cluster.spec().credentialsSecretRef().key();
    Secret secret =
        secrets
            .apply(secretKey)
            .orElseThrow(() ->
                new RemoteFailure(Kind.CREDENTIALS_MISSING, "there is no Secret " + secretKey));
    String wanted = revision(secret) + "/" + cluster.metadata().generation() + "/" + cluster.uid();
    SlurmGateway known = way.gateway;
    if (known != null && way.made.equals(wanted)) {
      return known;
    }
    leave(way, board);
    Optional<RemoteFailure> refused =
        cluster.status().refusedCredentials().equals(revision(secret))
            ? Optional.of(new RemoteFailure(Kind.LOGIN_REFUSED, cluster.status().lastError()))
            : Optional.empty();
    SlurmGateway fresh = factory.make(cluster, secret, refused);
    way.gateway = fresh;
    way.made = wanted;
    board.use(fresh);
    return fresh;
  }

  private static String revision(Secret secret) {
    return secret.uid() + "/" + secret.metadata().resourceVersion();
  }

  private void probe(SlurmCluster cluster, Way way, ClusterBoard board, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    Probe probe = gateway.probe();
    way.probe = probe;
    way.failures = 0;
    board.reached(probe.base(), probe.userId());
    show(cluster, ClusterStatuses.reached(cluster, probe, now()));
    for (ClusterBoard.Followed what : board.all().values()) {
      wake.accept(what.job());
    }
    wakeAll(cluster.metadata().name());
  }

  private void wakeAll(String cluster) {
    Set<ObjectKey> jobs = waiting.remove(cluster);
    if (jobs != null) {
      jobs.forEach(wake);
    }
  }

  /** Wakes the job as soon as the cluster can be used. */
  void wakeWhenReached(String cluster, ObjectKey job) {
    waiting.computeIfAbsent(cluster, _ -> ConcurrentHashMap.newKeySet()).add(job);
  }

  private Result follow(SlurmCluster cluster, Way way, ClusterBoard board, SlurmGateway gateway)
      throws RemoteFailure, InterruptedException {
    if (!board.busy()) {
      return Result.DONE;
    }
    SlurmCluster.Spec spec = cluster.spec();
    if (!now().isBefore(way.nextMarks)) {
      board.mark(gateway.marks(), now()).forEach(wake);
      way.nextMarks = now().plus(spec.marks());
    }
    Map<String, ClusterBoard.Followed> all = board.all();
    boolean poll = !now().isBefore(way.nextPoll);
    Set<String> hurried = board.hurried();
    boolean hurry = !hurried.isEmpty() && !now().isBefore(way.nextHurry);
    if (!all.isEmpty() && (poll || hurry)) {
      Set<String> asked = poll ? all.keySet() : hurried;
      ask(board, gateway, all, asked);
      // The same few jobs are asked for ever more rarely: accounting lags, but not for ever.
      way.hurries = board.hurried().isEmpty() ? 0 : way.hurries + 1;
      Duration pause =
          minik8s.control.Backoff.delay(
              Duration.ofSeconds(1), LONGEST_HURRY, Math.max(1, way.hurries));
      way.nextHurry = now().plus(pause);
      way.nextPoll = poll ? now().plus(spec.poll()) : way.nextPoll;
    }
    healthy(cluster, board, way);
    return Result.after(next(way, board));
  }

  private Duration next(Way way, ClusterBoard board) {
    Instant due = way.nextMarks.isBefore(way.nextPoll) ? way.nextMarks : way.nextPoll;
    if (!board.hurried().isEmpty() && way.nextHurry.isBefore(due)) {
      due = way.nextHurry;
    }
    Duration left = Duration.between(now(), due);
    return left.compareTo(Duration.ofMillis(20)) < 0 ? Duration.ofMillis(20) : left;
  }

  /** One call to the accounting, and one to the queue when some job still waits. */
  private void ask(
      ClusterBoard board,
      SlurmGateway gateway,
      Map<String, ClusterBoard.Followed> all,
      Collection<String> asked)
      throws RemoteFailure, InterruptedException {
    List<String> ids = new ArrayList<>();
    Instant oldest = now();
    for (String token : asked) {
      ClusterBoard.Followed what = all.get(token);
      if (what != null) {
        ids.add(what.jobId());
        Instant submitted = what.submitted();
        oldest = submitted != null && submitted.isBefore(oldest) ? submitted : oldest;
      }
    }
    List<JobRow> rows = new ArrayList<>();
    RemoteFailure silent = null;
    try {
      rows.addAll(gateway.accounting(ids, oldest));
    } catch (RemoteFailure e) {
      if (!e.is(Kind.ACCOUNTING_UNAVAILABLE)) {
        throw e;
      }
      silent = e;
    }
    Map<String, List<JobRow>> booked = byName(rows);
    boolean someWait =
        asked.stream()
            .map(all::get)
            .anyMatch(what -> what != null && waits(booked.get(what.slurmName())));
    Map<String, List<JobRow>> queued =
        someWait || silent != null ? byName(gateway.queue()) : Map.of();
    Map<String, JobReport> reports = new HashMap<>();
    Set<String> told = new HashSet<>(asked);
    for (String token : asked) {
      ClusterBoard.Followed what = all.get(token);
      if (what != null) {
        Optional<JobReport> queue =
            JobReport.of(what.slurmName(), queued.getOrDefault(what.slurmName(), List.of()));
        Optional<JobReport> book =
            JobReport.of(what.slurmName(), booked.getOrDefault(what.slurmName(), List.of()));
        Optional<JobReport> both =
            book.map(report -> report.explainedBy(queue.orElse(null))).or(() -> queue);
        both.ifPresent(report -> reports.put(token, report));
        if (both.isEmpty() && silent != null) {
          told.remove(token);
        }
      }
    }
    board.report(told, reports).forEach(wake);
    if (silent != null) {
      throw silent;
    }
  }

  private static boolean waits(@Nullable List<JobRow> rows) {
    return rows == null
        || rows.stream().anyMatch(row -> row.state().kind() == SlurmState.Kind.WAITING);
  }

  private static Map<String, List<JobRow>> byName(List<JobRow> rows) {
    Map<String, List<JobRow>> result = new HashMap<>();
    rows.forEach(row -> result.computeIfAbsent(row.name(), _ -> new ArrayList<>()).add(row));
    return result;
  }

  private void healthy(SlurmCluster cluster, ClusterBoard board, Way way) {
    Probe probe = way.probe;
    if (probe != null) {
      way.failures = 0;
      if (!board.link().reason().isEmpty()) {
        board.reached(probe.base(), probe.userId());
        wakeAll(cluster.metadata().name());
      }
      show(cluster, ClusterStatuses.reached(cluster, probe, now()));
    }
  }

  /** Slurm's own outages leave the connection in use: files and marks still work. */
  private Result failed(SlurmCluster cluster, Way way, ClusterBoard board, RemoteFailure e) {
    way.failures++;
    boolean slurmOnly =
        way.probe != null && (e.is(Kind.ACCOUNTING_UNAVAILABLE) || e.is(Kind.SLURM_UNAVAILABLE));
    if (!slurmOnly) {
      board.notReached(e.kind().reason(), e.sentence());
      for (ClusterBoard.Followed what : board.all().values()) {
        wake.accept(what.job());
      }
    } else {
      way.nextPoll = now().plus(RETRY.multipliedBy(Math.min(12, way.failures)));
      way.nextHurry = way.nextPoll;
    }
    Condition before = Condition.find(cluster.status().conditions(), SlurmCluster.REACHABLE);
    if (before == null || !before.reason().equals(e.kind().reason())) {
      LOG.warn("cluster {}: {}", cluster.metadata().name(), e.sentence());
      events.warning(GpuResources.SLURM_CLUSTERS, cluster, e.kind().reason(), e.sentence());
    }
    String refused =
        e.is(Kind.LOGIN_REFUSED)
            ? way.made.substring(0, Math.max(0, way.made.indexOf('/', way.made.indexOf('/') + 1)))
            : "";
    show(cluster, ClusterStatuses.failed(cluster, e, refused, slurmOnly, now()));
    if (e.is(Kind.LOGIN_REFUSED) || e.is(Kind.CREDENTIALS_MISSING)) {
      // The Secret's or the cluster's change wakes it; nothing else helps.
      return Result.DONE;
    }
    return Result.after(
        slurmOnly
            ? RETRY
            : minik8s.control.Backoff.delay(
                Duration.ofSeconds(1), Duration.ofMinutes(1), way.failures));
  }

  /** Writes what changed; at rest nothing. */
  private void show(SlurmCluster cluster, SlurmCluster.Status status) {
    SlurmCluster current = clusters.get(cluster.key()).orElse(cluster);
    if (status.equals(current.status())) {
      return;
    }
    ObjectNode patch = StatusPatches.between(current, current.status(), status);
    try {
      api.patch(GpuResources.SLURM_CLUSTERS, cluster.key(), "status", PatchType.MERGE, patch);
    } catch (ApiException e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }
}
