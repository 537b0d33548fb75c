package minik8s.kubelet.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.ApiException;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Failure;
import minik8s.api.ObjectMeta;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.Resources;
import minik8s.client.DeleteOptions;
import minik8s.control.Backoff;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedPod;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.runtime.RuntimeFailure;
import minik8s.kubelet.source.Environment;
import minik8s.kubelet.source.PodFields;
import minik8s.kubelet.source.SourceFailure;
import minik8s.kubelet.status.PodStatuses;
import minik8s.kubelet.volume.PodVolumes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one pod to where its spec wants it: looks, plans, performs, and looks again until there is
 * nothing to do now. Confined to the pod's worker.
 */
public final class PodSyncer {
  private static final Logger LOG = LoggerFactory.getLogger(PodSyncer.class);
  private static final int MAX_ROUNDS = 32;
  private static final Duration CONFIG_RETRY = Duration.ofSeconds(5);
  private static final Duration KILL_AGAIN = Duration.ofSeconds(2);
  private static final Duration RUNTIME_RETRY = Duration.ofSeconds(1);

  /** Tokens in volumes are renewed on the way. */
  private static final Duration REFRESH = Duration.ofMinutes(5);

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
  private final PodEvents events;
  private final PodImages images;
  private final TerminationMessages messages;
  private PodMemory memory = PodMemory.NONE;
  private @Nullable Map<String, Path> volumes;
  private Instant refreshVolumesAt = Instant.EPOCH;
  private ObjectMeta preparedFor = ObjectMeta.of("", "", Map.of());
  private volatile boolean volumesStale;

  /** As of the last look that saw a container; the one to leave behind when all are gone. */
  private @Nullable PodStatus lastStatus;

  private boolean holdsSlot;

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
    this.events = new PodEvents(shop.events(), pod);
    this.images = new PodImages(shop.images(), events);
    this.messages = new TerminationMessages(shop.volumes().folder(pod.uid()), shop.streams());
  }

  /**
   * Looks, plans and performs until nothing is left to do now.
   *
   * @param absent whether the API server no longer has the pod
   */
  public Next sync(Pod seen, boolean absent) throws InterruptedException {
    if (!shop.runtimeFailure().get().isEmpty()) {
      return new Next.At(now().plus(RUNTIME_RETRY));
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
          return new Next.Done();
        }
      }
      LOG.warn("pod {} does not settle, looking again later", ref);
      return new Next.At(now().plus(RUNTIME_RETRY));
    } catch (RuntimeFailure e) {
      LOG.warn("pod {} waits for the container runtime: {}", ref, e.getMessage());
      return new Next.At(now().plus(RUNTIME_RETRY));
    } catch (ApiException e) {
      LOG.warn("pod {} waits for the API server: {}", ref, e.getMessage());
      return new Next.At(now().plus(RUNTIME_RETRY));
    } finally {
      releaseSlot();
    }
  }

  private Instant now() {
    return shop.timers().clock().instant();
  }

  private PodPlan.Decision look(Pod pod, boolean absent) {
    ObservedPod observed = shop.picture().pod(ref.uid());
    boolean ending = absent || pod.metadata().deleting() || pod.finished();
    Map<String, ImageState> states = ending ? Map.of() : images.states(pod, now());
    PodPlan.Decision decision =
        PodPlan.decide(new PodView(pod, absent, observed, memory, states, now()));
    memory = memory.crashing(decision.crashing());
    images.report(pod, states);
    if (!absent) {
      PodStatus status = status(pod, observed, states);
      if (!observed.isEmpty()) {
        lastStatus = status;
      }
      boolean lazy =
          pod.metadata().deleting() || (status.phase().equals("Pending") && !waitsForCause(status));
      shop.statuses().put(pod, status, lazy);
    }
    return decision;
  }

  private static boolean waitsForCause(PodStatus status) {
    return status.containerStatuses().stream()
        .anyMatch(s ->
            s.state() instanceof ContainerState.Waiting w
                && !w.reason().equals("ContainerCreating")
                && !w.reason().equals("PodInitializing"));
  }

  private PodStatus status(Pod pod, ObservedPod observed, Map<String, ImageState> states) {
    Map<String, ContainerState.Waiting> waiting = new HashMap<>();
    if (!pod.metadata().deleting()) {
      memory.crashing().forEach((name, trouble) -> waiting.put(name, waiting(trouble)));
      memory.troubles().forEach((name, trouble) -> waiting.put(name, waiting(trouble)));
      states.forEach((name, state) -> {
        if (state instanceof ImageState.Unavailable unavailable) {
          waiting.put(name, waiting(unavailable.trouble()));
        }
      });
    }
    return PodStatuses.of(
        pod,
        observed,
        new PodStatuses.Facts(shop.nodeIp(), waiting, messages.of(pod, observed)),
        now());
  }

  private static ContainerState.Waiting waiting(Trouble trouble) {
    return new ContainerState.Waiting(trouble.reason(), trouble.message());
  }

  /** With files that follow other objects, look again every so often. */
  private Next next(Pod pod, boolean absent, @Nullable Instant wake) {
    Instant at = wake;
    ObservedContainer sandbox = shop.picture().pod(ref.uid()).sandbox();
    boolean alive = sandbox != null && sandbox.running();
    if (!absent && alive && !pod.metadata().deleting() && PodVolumes.follows(pod)) {
      if (volumes == null) {
        // The pod was started by a kubelet before this one.
        prepareVolumes(pod);
      } else if (volumesStale || relabelled(pod) || !now().isBefore(refreshVolumesAt)) {
        refreshVolumes(pod);
      }
      at = at == null || refreshVolumesAt.isBefore(at) ? refreshVolumesAt : at;
    }
    return at == null ? new Next.Rest() : new Next.At(at);
  }

  /** Something that the pod's volumes hold has changed; called from any thread. */
  void volumesChanged() {
    volumesStale = true;
    poke.run();
  }

  private boolean relabelled(Pod pod) {
    return !pod.metadata().labels().equals(preparedFor.labels())
        || !pod.metadata().annotations().equals(preparedFor.annotations());
  }

  private void preparing(Pod pod) {
    volumesStale = false;
    preparedFor = pod.metadata();
    refreshVolumesAt = now().plus(REFRESH);
  }

  private void refreshVolumes(Pod pod) {
    preparing(pod);
    try {
      shop.volumes().prepare(fields(pod));
    } catch (SourceFailure e) {
      events.warning("FailedMount", String.valueOf(e.getMessage()));
    }
  }

  /** Ends and removals go side by side, the rest in order. */
  private void perform(Pod pod, List<PodAction> actions) throws InterruptedException {
    List<Thread> side = new ArrayList<>();
    for (PodAction action : actions) {
      switch (action) {
        case PodAction.Terminate terminate -> terminate(terminate, side);
        case PodAction.Kill kill -> {
          // Should it live on nevertheless, it is killed again, but not at once.
          memory = memory.terminating(kill.container().id(), now().plus(KILL_AGAIN));
          side.add(aside(() -> kill(kill.container())));
        }
        case PodAction.Remove remove -> side.add(aside(() -> remove(remove.container())));
        case PodAction.StartSandbox start -> {
          join(side);
          startSandbox(pod, start);
        }
        case PodAction.PullImage pull ->
            images.pull(pull.container(), now(), shop.timers().clock(), poke);
        case PodAction.StartContainer start -> startContainer(pod, start);
        case PodAction.ReportBackOff back ->
            events.warning(
                back.container(),
                "BackOff",
                "Back-off restarting failed container "
                    + back.container().name()
                    + " in pod "
                    + ref);
        case PodAction.SayLastWord _ -> sayLastWord(pod);
        case PodAction.Forget _ -> forget();
      }
    }
    join(side);
  }

  private static Thread aside(Runnable task) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            task.run();
          } catch (RuntimeFailure e) {
            LOG.debug("will be tried again: {}", e.getMessage());
          }
        });
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
  }

  private void terminate(PodAction.Terminate action, List<Thread> side) {
    ObservedContainer container = action.container();
    events.normal(container.name(), "Killing", action.why());
    boolean atOnce = action.grace().isZero();
    memory = memory.terminating(container.id(), now().plus(atOnce ? KILL_AGAIN : action.grace()));
    if (atOnce) {
      side.add(aside(() -> kill(container)));
    } else {
      side.add(aside(() -> shop.runtime().signal(container.id(), container.stopSignal())));
    }
  }

  private void kill(ObservedContainer container) {
    shop.runtime().signal(container.id(), "KILL");
  }

  private void remove(ObservedContainer container) {
    shop.runtime().remove(container.id());
    shop.picture().refresh(container.id());
  }

  private void startSandbox(Pod pod, PodAction.StartSandbox action) throws InterruptedException {
    if (!prepareVolumes(pod)) {
      return;
    }
    acquireSlot();
    try {
      String id =
          shop.runtime().create(Configs.sandbox(pod, action.attempt(), shop.sandboxImage()));
      try {
        shop.runtime().start(id);
      } finally {
        shop.picture().refresh(id);
      }
      memory = memory.troubled(ObservedContainer.SANDBOX, null);
    } catch (RuntimeFailure e) {
      if (e.down()) {
        throw e;
      }
      String message = "Failed to create pod sandbox: " + e.getMessage();
      events.warning("FailedCreatePodSandBox", message);
      trouble(ObservedContainer.SANDBOX, "FailedCreatePodSandBox", message, Duration.ofSeconds(1));
    }
  }

  private boolean prepareVolumes(Pod pod) {
    if (PodVolumes.follows(pod)) {
      shop.references().follow(pod);
    }
    preparing(pod);
    try {
      volumes = shop.volumes().prepare(fields(pod));
      return true;
    } catch (SourceFailure e) {
      events.warning("FailedMount", String.valueOf(e.getMessage()));
      trouble(ObservedContainer.SANDBOX, "FailedMount", "", Duration.ofSeconds(1));
      return false;
    }
  }

  private void trouble(String name, String reason, String message, Duration initial) {
    Trouble before = memory.troubles().get(name);
    int count = before == null ? 1 : before.count() + 1;
    Duration delay = Backoff.delay(initial, Duration.ofMinutes(1), count);
    memory = memory.troubled(name, new Trouble(reason, message, now().plus(delay), count));
  }

  private PodFields fields(Pod pod) {
    ObservedContainer sandbox = shop.picture().pod(ref.uid()).sandbox();
    String ip = pod.spec().hostNetwork() ? shop.nodeIp() : sandbox == null ? "" : sandbox.ip();
    return new PodFields(pod, shop.nodeIp(), ip, shop.allocatable());
  }

  private void startContainer(Pod pod, PodAction.StartContainer action)
      throws InterruptedException {
    Container container = action.container();
    if (volumes == null && !prepareVolumes(pod)) {
      return;
    }
    acquireSlot();
    String id;
    try {
      id = create(pod, action);
    } catch (SourceFailure e) {
      events.warning(container, "Failed", "Error: " + e.getMessage());
      memory =
          memory.troubled(
              container.name(),
              new Trouble(
                  "CreateContainerConfigError",
                  String.valueOf(e.getMessage()),
                  now().plus(CONFIG_RETRY),
                  1));
      return;
    } catch (RuntimeFailure e) {
      failedCreate(container, e);
      return;
    }
    memory = memory.troubled(container.name(), null);
    if (action.pause() != null) {
      memory = memory.paused(container.name(), action.pause());
    }
    start(container, id);
    images.used(container);
  }

  private String create(Pod pod, PodAction.StartContainer action) {
    Container container = action.container();
    Map<String, String> env = Environment.of(container, fields(pod), shop.references());
    List<Mount> mounts =
        new ArrayList<>(Configs.mounts(container, volumes == null ? Map.of() : volumes, env));
    try {
      mounts.add(messages.mount(container, action.attempt()));
    } catch (IOException e) {
      throw new SourceFailure("no place for the termination message: " + e.getMessage());
    }
    if (!images.wasPulled(container)) {
      events.normal(
          container,
          "Pulled",
          "Container image \"" + container.image() + "\" already present on machine");
    }
    String id =
        shop.runtime()
            .create(
                Configs.container(
                    pod, container, action.attempt(), action.sandbox().id(), env, mounts));
    events.normal(container, "Created", "Created container: " + container.name());
    return id;
  }

  private void failedCreate(Container container, RuntimeFailure e) {
    if (e.down()) {
      throw e;
    }
    if (e.reason() == RuntimeFailure.Reason.NO_IMAGE) {
      images.lost(container);
      return;
    }
    String message = String.valueOf(e.getMessage());
    events.warning(container, "Failed", "Error: " + message);
    trouble(container.name(), "CreateContainerError", message, Duration.ofSeconds(5));
  }

  private void start(Container container, String id) {
    try {
      shop.runtime().start(id);
      shop.picture().refresh(id);
      events.normal(container, "Started", "Started container " + container.name());
    } catch (RuntimeFailure e) {
      shop.picture().refresh(id);
      if (e.down()) {
        throw e;
      }
      events.warning(
          container,
          "Failed",
          "Error: failed to start container \"" + container.name() + "\": " + e.getMessage());
    }
  }

  /** The kubelet's last word: what the pod came to, and that nothing of it runs. */
  private void sayLastWord(Pod pod) {
    removeVolumes();
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

  private void removeVolumes() {
    shop.references().release(ref.uid());
    try {
      shop.volumes().remove(ref.uid());
    } catch (IOException e) {
      LOG.warn("volumes of {} not removed: {}", ref, e.getMessage());
    }
  }

  private void forget() {
    removeVolumes();
    finished = true;
  }

  private void acquireSlot() throws InterruptedException {
    if (!holdsSlot) {
      shop.slots().acquire();
      holdsSlot = true;
    }
  }

  private void releaseSlot() {
    if (holdsSlot) {
      holdsSlot = false;
      shop.slots().release();
    }
  }
}
