package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.ApiException;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.PodSpec;
import minik8s.api.PodStatus;
import minik8s.api.Resources;
import minik8s.api.Secret;
import minik8s.client.DeleteOptions;
import minik8s.kubelet.probe.Answer;
import minik8s.kubelet.probe.Health;
import minik8s.kubelet.probe.PodHooks;
import minik8s.kubelet.probe.PodProbes;
import minik8s.kubelet.probe.ProbeKind;
import minik8s.kubelet.runtime.ContainerRuntime.Login;
import minik8s.kubelet.runtime.ObservedPod;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.runtime.RuntimeFailure;
import minik8s.kubelet.source.Keyring;
import minik8s.kubelet.status.ActiveDeadline;
import minik8s.kubelet.status.PodStatuses;
import minik8s.kubelet.volume.PreparedVolume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one pod to where its spec wants it: looks, plans, performs, and looks again until there is
 * nothing to do now. Confined to the pod's worker.
 */
public final class PodSyncer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodSyncer.class);
  private static final int MAX_ROUNDS = 32;
  private static final Duration RUNTIME_RETRY = Duration.ofSeconds(1);

  /** What comes after a look. */
  public sealed interface Next {
    /** Nothing until something changes. */
    record Rest() implements Next {}

    /** Look again then, if nothing changes before. */
    record At(Instant time) implements Next {}

    /** The pod is gone for good. */
    record Done() implements Next {}
  }

  private final Workshop shop;
  private final PodRef ref;
  private final Runnable poke;
  private final Notebook notes;
  private final PodEvents events;
  private final PodImages images;
  private final TerminationMessages messages;
  private final VolumeKeeper files;
  private final Judgement judgement;
  private final PodHooks hooks;
  private final PodProbes probes;
  private final PodStarts starts;
  private final PodEnds ends;

  /** As of the last look that saw a container; the one to leave behind when all are gone. */
  private @Nullable PodStatus lastStatus;

  private boolean holdsSlot;
  private boolean toldDeadline;

  /** Whether the API server no longer has the pod because we told it so. */
  private boolean spoken;

  private boolean finished;

  /**
   * @param poke makes the worker look again; called from any thread
   */
  public PodSyncer(Workshop shop, Pod pod, Runnable poke) {
    this.shop = shop;
    this.ref = PodRef.of(pod);
    this.poke = poke;
    this.notes = new Notebook(shop.timers().clock());
    this.events = new PodEvents(shop.events(), pod);
    this.images = new PodImages(shop.images(), events);
    this.messages = new TerminationMessages(shop.volumes().folder(pod.uid()), shop.streams());
    this.files = new VolumeKeeper(shop, ref, events, notes);
    this.judgement = new Judgement(shop, events);
    this.hooks = new PodHooks(shop.streams(), shop.timers(), poke);
    this.probes = new PodProbes(shop.prober(), shop.timers(), this::answered, poke);
    this.starts = new PodStarts(shop, events, images, files, hooks, messages, notes);
    this.ends = new PodEnds(shop, events, hooks, files, notes);
  }

  /**
   * Looks, plans and performs until nothing is left to do now.
   *
   * @param absent whether the API server no longer has the pod
   */
  public Next sync(Pod seen, boolean absent) throws InterruptedException {
    if (!shop.runtimeFailure().get().isEmpty()) {
      return new Next.At(notes.now().plus(RUNTIME_RETRY));
    }
    try {
      for (int round = 0; round < MAX_ROUNDS; round++) {
        boolean gone = absent || spoken;
        PodPlan.Decision decision = look(shop.statuses().newest(seen), gone);
        if (decision.actions().isEmpty()) {
          return next(seen, gone, decision.wake());
        }
        perform(seen, decision.actions());
        if (finished) {
          close();
          return new Next.Done();
        }
      }
      LOG.warn("pod {} does not settle, looking again later", ref);
      return new Next.At(notes.now().plus(RUNTIME_RETRY));
    } catch (RuntimeFailure e) {
      LOG.warn("pod {} waits for the container runtime: {}", ref, e.getMessage());
      return new Next.At(notes.now().plus(RUNTIME_RETRY));
    } catch (ApiException e) {
      LOG.warn("pod {} waits for the API server: {}", ref, e.getMessage());
      return new Next.At(notes.now().plus(RUNTIME_RETRY));
    } finally {
      releaseSlot();
    }
  }

  private PodPlan.Decision look(Pod seen, boolean absent) {
    ObservedPod observed = shop.picture().pod(ref.uid());
    Instant now = notes.now();
    Pod pod = absent ? seen : judgement.of(seen, observed, now);
    files.retry();
    boolean ending = absent || pod.metadata().deleting() || pod.finished();
    Map<String, ImageState> states = ending ? Map.of() : images.states(pod, now);
    Map<String, Health> health = health(pod, observed, ending);
    PodMemory memory = notes.memory();
    PodPlan.Decision decision =
        PodPlan.decide(
            new PodView(pod, absent, observed, memory, states, health, hooks.stopped(), now));
    Instant since = memory.stoppingSince() == null ? now : memory.stoppingSince();
    notes.keep(
        memory.crashing(decision.crashing()).stoppingSince(decision.stopping() ? since : null));
    images.report(pod, states);
    tellDeadline(pod, now);
    if (!absent) {
      PodStatus status = judgement.of(status(pod, observed, states, health), observed);
      if (!observed.isEmpty()) {
        lastStatus = status;
      }
      boolean lazy =
          pod.metadata().deleting() || (status.phase().equals("Pending") && !waitsForCause(status));
      if (!judgement.untold(observed)) {
        shop.statuses().put(seen, status, lazy);
      }
    }
    return decision;
  }

  private Map<String, Health> health(Pod pod, ObservedPod observed, boolean ending) {
    Set<String> ids = new HashSet<>();
    observed.containers().forEach(container -> ids.add(container.id()));
    hooks.retain(ids);
    probes.follow(pod, observed, files.ip(pod), ending, hooks.starting());
    return Health.of(pod, observed, probes.states(), hooks.postStarts());
  }

  private void answered(Container container, ProbeKind kind, Answer answer) {
    String text = answer.text();
    switch (answer.verdict()) {
      case SUCCESS -> {}
      case WARNING ->
          events.warning(container, "ProbeWarning", kind.title() + " probe warning: " + text);
      case FAILURE ->
          events.warning(container, "Unhealthy", kind.title() + " probe failed: " + text);
      case ERROR ->
          events.warning(container, "Unhealthy", kind.title() + " probe errored: " + text);
    }
  }

  private void tellDeadline(Pod pod, Instant now) {
    if (!toldDeadline && !pod.finished() && ActiveDeadline.passed(pod, now)) {
      toldDeadline = true;
      events.normal(ActiveDeadline.REASON, ActiveDeadline.MESSAGE);
    }
  }

  private static boolean waitsForCause(PodStatus status) {
    return status.containerStatuses().stream()
        .anyMatch(s ->
            s.state() instanceof ContainerState.Waiting w
                && !w.reason().equals("ContainerCreating")
                && !w.reason().equals("PodInitializing"));
  }

  private PodStatus status(
      Pod pod, ObservedPod observed, Map<String, ImageState> states, Map<String, Health> health) {
    Map<String, ContainerState.Waiting> waiting = new HashMap<>();
    if (!pod.metadata().deleting()) {
      notes.memory().crashing().forEach((name, trouble) -> waiting.put(name, waiting(trouble)));
      notes.memory().troubles().forEach((name, trouble) -> waiting.put(name, waiting(trouble)));
      states.forEach((name, state) -> {
        if (state instanceof ImageState.Unavailable unavailable) {
          waiting.put(name, waiting(unavailable.trouble()));
        }
      });
    }
    return PodStatuses.of(
        pod,
        observed,
        new PodStatuses.Facts(shop.nodeIp(), waiting, messages.of(pod, observed), health),
        notes.now());
  }

  private static ContainerState.Waiting waiting(Trouble trouble) {
    return new ContainerState.Waiting(trouble.reason(), trouble.message());
  }

  /** With files that follow other objects, look again every so often. */
  private Next next(Pod pod, boolean absent, @Nullable Instant wake) {
    if (pod.finished()) {
      shop.settings().devices().release(ref.uid());
    }
    Instant refresh = absent ? null : files.refresh(pod);
    Instant at = wake == null || (refresh != null && refresh.isBefore(wake)) ? refresh : wake;
    return at == null ? new Next.Rest() : new Next.At(at);
  }

  /** The pod has to make room; called from any thread. */
  void evict(Verdict verdict) {
    judgement.evict(verdict);
    poke.run();
  }

  /** Something that the pod's volumes hold has changed; called from any thread. */
  void volumesChanged() {
    files.changed();
    poke.run();
  }

  /** Ends and removals go side by side, the rest in order. */
  private void perform(Pod pod, List<PodAction> actions) throws InterruptedException {
    for (PodAction action : actions) {
      switch (action) {
        case PodAction.Terminate terminate -> ends.terminate(pod, terminate);
        case PodAction.Signal signal -> ends.signal(pod, signal.container(), signal.left());
        case PodAction.Kill kill -> ends.kill(kill);
        case PodAction.Remove remove -> ends.remove(remove.container());
        case PodAction.StartSandbox start -> {
          ends.join();
          if (files.prepare(pod)) {
            acquireSlot(start.attempt() > 0);
            starts.sandbox(pod, start);
          }
        }
        case PodAction.PullImage pull ->
            images.pull(
                pull.container(),
                logins(pod, pull.container()),
                notes.now(),
                shop.timers().clock(),
                poke);
        case PodAction.StartContainer start -> {
          Map<String, PreparedVolume> volumes = files.paths(pod);
          if (volumes != null) {
            acquireSlot(start.attempt() > 0);
            starts.container(pod, start, volumes);
          }
        }
        case PodAction.ReportBackOff back ->
            events.warning(
                back.container(),
                "BackOff",
                "Back-off restarting failed container "
                    + back.container().name()
                    + " in pod "
                    + ref);
        case PodAction.SayLastWord _ -> sayLastWord(pod);
        case PodAction.Forget _ -> {
          files.remove();
          finished = true;
        }
      }
    }
    ends.join();
  }

  /** The logins of the pod's pull secrets that fit the image; people are told of missing ones. */
  private List<Login> logins(Pod pod, Container container) {
    List<Secret> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (PodSpec.ObjectRef ref : pod.spec().imagePullSecrets()) {
      shop.references()
          .secret(new ObjectKey(pod.metadata().namespace(), ref.name()))
          .ifPresentOrElse(found::add, () -> missing.add(ref.name()));
    }
    if (!missing.isEmpty()) {
      events.warning(
          "FailedToRetrieveImagePullSecret",
          "Unable to retrieve some image pull secrets ("
              + String.join(", ", missing)
              + "); attempting to pull the image may not succeed.");
    }
    return Keyring.of(found).logins(container.image());
  }

  /** The kubelet's last word: what the pod came to, and that nothing of it runs. */
  private void sayLastWord(Pod pod) {
    files.remove();
    try {
      shop.statuses().writeNow(pod, lastStatus == null ? pod.status() : lastStatus);
      shop.api().delete(Resources.PODS, ref.key(), DeleteOptions.now(ref.uid()));
    } catch (ApiException e) {
      if (!e.notFound() && !e.is(Failure.Reason.Conflict)) {
        throw e;
      }
    }
    spoken = true;
  }

  private void acquireSlot(boolean again) throws InterruptedException {
    if (!holdsSlot) {
      shop.slots().acquire(again);
      holdsSlot = true;
    }
  }

  private void releaseSlot() {
    if (holdsSlot) {
      holdsSlot = false;
      shop.slots().release();
    }
  }

  /** Asks no more questions; what runs goes on. */
  @Override
  public void close() {
    probes.close();
  }
}
