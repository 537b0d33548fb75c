package minik8s.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.Failure;
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
  private final PlacementPlan plan;
  private final Intake intake;
  private boolean leading;
  private @Nullable Instant alarmAt;
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * @param writers runs what blocks: bindings and explanations
   */
  public SchedulingLoop(
      Profile profile,
      ClusterGateway gateway,
      Executor writers,
      Timers timers,
      SchedulerMetrics metrics) {
    this.gateway = gateway;
    this.explanations = new Explanations(gateway, writers);
    this.writers = writers;
    this.timers = timers;
    this.metrics = metrics;
    this.plan = new PlacementPlan(profile, cluster);
    this.intake = new Intake(profile.schedulerName(), cluster, queue, plan);
  }

  /** Takes note of a pod; from any thread. */
  public void podChanged(@Nullable Pod old, @Nullable Pod now) {
    inbox.add(new Signal.PodChanged(old, now));
  }

  /** Takes note of a node; from any thread. */
  public void nodeChanged(@Nullable Node old, @Nullable Node now) {
    inbox.add(new Signal.NodeChanged(old, now));
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
        case Signal.BindFailed failed -> requeue(failed);
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
      Placement placement = plan.decide(pod);
      metrics.decided(System.nanoTime() - began);
      switch (placement) {
        case Placement.On on -> {
          intake.assume(queued, on.node().name());
          writers.execute(() -> bind(queued, on.node().name(), began));
        }
        case Placement.Nowhere nowhere -> {
          queue.reject(queued, nowhere.cure(), now());
          metrics.unschedulable(System.nanoTime() - began);
          explanations.give(pod.pod(), "Unschedulable", nowhere.message());
        }
      }
    } catch (RuntimeException e) {
      LOG.error("cannot place {}", pod.pod().key(), e);
      metrics.failed(System.nanoTime() - began);
      queue.retry(queued, now());
    }
  }

  /** Runs beside the loop. */
  private void bind(QueuedPod queued, String node, long began) {
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
    Instant due = leading ? queue.nextDue().orElse(null) : null;
    Instant set = alarmAt;
    if (due != null && (set == null || due.isBefore(set))) {
      alarmAt = due;
      timers.after(Duration.between(now(), due), () -> inbox.add(new Signal.Alarm()));
    }
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
