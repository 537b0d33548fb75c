package minik8s.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.Failure;
import minik8s.api.KubeObject;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.control.Timers;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.queue.QueuedPod;
import minik8s.scheduler.queue.SchedulingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler's serial loop: take in what changed, then place the next pod. All books belong to
 * the thread that calls {@link #step}; every other thread only leaves signals in the inbox, so no
 * change can slip in between a decision and its entry into the books.
 *
 * <p>Bindings run beside the loop. Until the informer shows a pod on its node the pod is assumed to
 * be there; when the binding fails the assumption is taken back and the pod queued again. That a
 * pod is never bound twice is the API server's promise: a second binding is a Conflict.
 */
public final class SchedulingLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulingLoop.class);

  private final ClusterGateway gateway;
  private final Explanations explanations;
  private final Executor writers;
  private final Timers timers;
  private final SchedulerMetrics metrics;
  private final BlockingQueue<Signal> inbox = new LinkedBlockingQueue<>();
  private final ClusterState cluster = new ClusterState();
  private final SchedulingQueue queue = new SchedulingQueue();
  private final Plans plans;
  private final Intake intake;
  private final VolumeWaits waits = new VolumeWaits();
  private boolean leading;
  private @Nullable Instant alarmAt;
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * @param profiles one for each scheduler name that pods of ours have
   * @param writers runs what blocks: bindings, evictions and explanations
   */
  public SchedulingLoop(
      List<Profile> profiles,
      ClusterGateway gateway,
      Executor writers,
      Timers timers,
      SchedulerMetrics metrics) {
    this.gateway = gateway;
    this.explanations = new Explanations(gateway, writers);
    this.writers = writers;
    this.timers = timers;
    this.metrics = metrics;
    Set<String> condemned = new HashSet<>();
    this.plans = new Plans(profiles, cluster, condemned::contains);
    this.intake = new Intake(cluster, queue, plans, condemned);
  }

  /** Takes note of a pod; from any thread. */
  public void podChanged(@Nullable Pod old, @Nullable Pod now) {
    inbox.add(new Signal.PodChanged(old, now));
  }

  /** Takes note of a node; from any thread. */
  public void nodeChanged(@Nullable Node old, @Nullable Node now) {
    inbox.add(new Signal.NodeChanged(old, now));
  }

  /** Takes note of a claim, volume, storage class, namespace or budget; from any thread. */
  public void otherChanged(@Nullable KubeObject old, @Nullable KubeObject now) {
    inbox.add(new Signal.OtherChanged(old, now));
  }

  /** Until this is called the loop keeps its books and places nothing; from any thread. */
  public void lead() {
    inbox.add(new Signal.Lead());
  }

  /** Starts the loop on a thread of its own, since it computes rather than waits. */
  public SchedulingLoop start() {
    thread = Thread.ofPlatform().name("scheduling").start(this::run);
    return this;
  }

  private void run() {
    try {
      while (!closed) {
        if (!step()) {
          take(inbox.take());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes in every signal that waits, then tries one pod; false when no pod is to be tried. */
  public boolean step() {
    for (Signal signal = inbox.poll(); signal != null; signal = inbox.poll()) {
      take(signal);
    }
    waits.ended(cluster.volumes(), now()).forEach(this::endWait);
    Optional<QueuedPod> next = leading ? queue.poll(now()) : Optional.empty();
    next.ifPresent(this::place);
    setAlarm();
    metrics.standing(queue.depths(), cluster.size(), cluster.podCount(), intake.assumed());
    return next.isPresent();
  }

  private void take(Signal signal) {
    try {
      switch (signal) {
        case Signal.PodChanged pod -> {
          intake.pod(pod.old(), pod.now(), now());
          explainGates(pod.now());
        }
        case Signal.NodeChanged node -> intake.node(node.old(), node.now(), now());
        case Signal.OtherChanged other -> intake.other(other.old(), other.now(), now());
        case Signal.BindFailed failed -> requeue(failed);
        case Signal.VolumesAsked asked -> await(asked.podId());
        case Signal.EvictionFailed failed -> {
          LOG.warn("{}: {}", signal.subject(), failed.failure().message());
          intake.pardon(failed.podId(), failed.victims(), now());
        }
        case Signal.Lead _ -> leading = true;
        case Signal.Alarm _ -> alarmAt = null;
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is left aside: {}", signal.subject(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("cannot take in {}", signal.subject(), e);
    }
  }

  private void place(QueuedPod queued) {
    long began = System.nanoTime();
    PodView pod = queued.pod();
    try {
      Placement placement = plans.of(pod).decide(pod);
      metrics.decided(System.nanoTime() - began);
      switch (placement) {
        case Placement.On on -> send(queued, on, began);
        case Placement.Nowhere nowhere -> {
          queue.reject(queued, nowhere.cure(), now());
          metrics.unschedulable(System.nanoTime() - began);
          giveUpRoom(pod, nowhere);
        }
        case Placement.Displace displace -> {
          queue.reject(queued, displace.cure(), now());
          metrics.unschedulable(System.nanoTime() - began);
          displace(pod, displace);
        }
      }
    } catch (RuntimeException e) {
      LOG.error("cannot place {}", pod.pod().key(), e);
      metrics.failed(System.nanoTime() - began);
      queue.retry(queued, now());
    }
  }

  private void send(QueuedPod queued, Placement.On on, long began) {
    Flight flight = intake.assume(queued, on.node().name(), on.duties());
    writers.execute(flight.duties().isEmpty() ? () -> bind(flight, began) : () -> ask(flight));
  }

  private void giveUpRoom(PodView pod, Placement.Nowhere nowhere) {
    boolean gives = nowhere.hopeless() && cluster.nominationOf(pod.id()) != null;
    explanations.give(
        pod.pod(),
        "Unschedulable",
        nowhere.message(),
        gives ? ClusterGateway.Room.GIVEN_UP : ClusterGateway.Room.AS_BEFORE);
    if (gives) {
      intake.release(pod.id(), now());
    }
  }

  /**
   * Says first for whom the room is made and makes it then: a crash in between leaves a pod that
   * displaces again, where the other order would leave pods dead and their room to anybody.
   */
  private void displace(PodView pod, Placement.Displace displace) {
    String node = displace.node().name();
    intake.condemn(pod, node, displace.victims());
    displace.outbid().forEach(other -> intake.outbid(other.id(), now()));
    metrics.displaced(displace.victims().size());
    LOG.info("{} displaces {} pods on {}", pod.pod().key(), displace.victims().size(), node);
    writers.execute(() -> makeRoom(pod, displace));
  }

  /** Runs beside the loop. */
  private void makeRoom(PodView preemptor, Placement.Displace displace) {
    String node = displace.node().name();
    try {
      if (!gateway.nominate(preemptor.pod(), displace.message(), node)) {
        evictionFailed(preemptor, displace, Failure.notFound("", "pods", preemptor.id()));
        return;
      }
      displace.outbid().forEach(other -> gateway.withdraw(other.pod()));
      displace.victims().forEach(victim -> gateway.evict(victim.pod(), preemptor.pod(), node));
    } catch (ApiException e) {
      evictionFailed(preemptor, displace, e.failure());
    } catch (RuntimeException e) {
      LOG.error("making room for {} on {} failed", preemptor.pod().key(), node, e);
      evictionFailed(preemptor, displace, Failure.internal(e.toString()));
    }
  }

  private void evictionFailed(PodView preemptor, Placement.Displace displace, Failure failure) {
    List<String> victims = displace.victims().stream().map(PodView::id).toList();
    inbox.add(new Signal.EvictionFailed(preemptor.id(), victims, failure));
  }

  /** Runs beside the loop. */
  private void ask(Flight flight) {
    String id = flight.pod().pod().id();
    try {
      flight.duties().forEach(gateway::fulfil);
      inbox.add(new Signal.VolumesAsked(id));
    } catch (ApiException e) {
      inbox.add(new Signal.BindFailed(id, e.failure()));
    } catch (RuntimeException e) {
      LOG.error("asking for volumes of {} failed", flight.pod().pod().pod().key(), e);
      inbox.add(new Signal.BindFailed(id, Failure.internal(e.toString())));
    }
  }

  private void await(String podId) {
    Flight flight = intake.flight(podId);
    if (flight != null) {
      waits.add(flight, now());
    }
  }

  private void endWait(VolumeWaits.End end) {
    String id = end.flight().pod().pod().id();
    if (intake.flight(id) == null) {
      return;
    }
    long began = System.nanoTime();
    switch (end) {
      case VolumeWaits.End.Bound bound -> writers.execute(() -> bind(bound.flight(), began));
      case VolumeWaits.End.Vain vain ->
          requeue(new Signal.BindFailed(id, Failure.internal(vain.why())));
    }
  }

  /** Runs beside the loop. */
  private void bind(Flight flight, long began) {
    QueuedPod queued = flight.pod();
    String node = flight.node();
    Pod pod = queued.pod().pod();
    try {
      gateway.bind(pod, node);
      metrics.scheduled(
          System.nanoTime() - began,
          Duration.between(queued.arrived(), now()),
          queued.attempts() + 1);
      LOG.debug("{} goes to {}", pod.key(), node);
    } catch (ApiException e) {
      inbox.add(new Signal.BindFailed(queued.pod().id(), e.failure()));
    } catch (RuntimeException e) {
      LOG.error("binding {} to {} failed", pod.key(), node, e);
      inbox.add(new Signal.BindFailed(queued.pod().id(), Failure.internal(e.toString())));
    }
  }

  /**
   * A conflict says that the pod has a node already or is going: the informer will show which, and
   * should it not, the next attempt meets the same answer.
   */
  private void requeue(Signal.BindFailed failed) {
    QueuedPod pod = intake.giveUp(failed.podId(), now());
    if (pod == null) {
      return;
    }
    metrics.failed(0);
    Pod refused = pod.pod().pod();
    queue.retry(pod, now());
    if (failed.failure().code() == 409 || failed.failure().code() == 404) {
      LOG.info("{} not bound: {}", refused.key(), failed.failure().message());
    } else {
      LOG.warn("{} not bound, will try again: {}", refused.key(), failed.failure().message());
      explanations.give(
          refused, "SchedulerError", "Binding rejected: " + failed.failure().message());
    }
  }

  private void explainGates(@Nullable Pod pod) {
    if (leading && pod != null && !pod.spec().schedulingGates().isEmpty()) {
      Condition said = Condition.find(pod.status().conditions(), "PodScheduled");
      if (said == null || !said.reason().equals("SchedulingGated")) {
        explanations.give(
            pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates");
      }
    }
  }

  /** Makes sure that the loop wakes when the queue has waited long enough. */
  private void setAlarm() {
    Instant due = leading ? due() : null;
    Instant set = alarmAt;
    if (due != null && (set == null || due.isBefore(set))) {
      alarmAt = due;
      timers.after(Duration.between(now(), due), () -> inbox.add(new Signal.Alarm()));
    }
  }

  private @Nullable Instant due() {
    Instant queued = queue.nextDue().orElse(null);
    Instant waited = waits.nextDue().orElse(null);
    return queued == null || (waited != null && waited.isBefore(queued)) ? waited : queued;
  }

  private Instant now() {
    return timers.clock().instant();
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
