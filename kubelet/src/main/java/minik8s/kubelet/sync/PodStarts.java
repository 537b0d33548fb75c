package minik8s.kubelet.sync;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Container.Lifecycle;
import minik8s.api.Pod;
import minik8s.kubelet.probe.PodHooks;
import minik8s.kubelet.probe.Target;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.RuntimeFailure;
import minik8s.kubelet.source.SourceFailure;
import minik8s.kubelet.volume.PreparedVolume;

/** Starts sandboxes and containers of one pod, and tells how it went. Confined to its worker. */
final class PodStarts {
  private static final Duration CONFIG_RETRY = Duration.ofSeconds(5);

  private final Workshop shop;
  private final PodEvents events;
  private final PodImages images;
  private final VolumeKeeper files;
  private final PodHooks hooks;
  private final TerminationMessages messages;
  private final Notebook notes;
  private final Blueprints blueprints;

  PodStarts(
      Workshop shop,
      PodEvents events,
      PodImages images,
      VolumeKeeper files,
      PodHooks hooks,
      TerminationMessages messages,
      Notebook notes) {
    this.shop = shop;
    this.events = events;
    this.images = images;
    this.files = files;
    this.hooks = hooks;
    this.messages = messages;
    this.notes = notes;
    this.blueprints = new Blueprints(shop);
  }

  /** Needs a start slot. */
  void sandbox(Pod pod, PodAction.StartSandbox action) {
    try {
      String id = shop.runtime().create(blueprints.sandbox(pod, action.attempt()));
      shop.picture().start(id, () -> shop.runtime().start(id));
      notes.started(ObservedContainer.SANDBOX);
    } catch (RuntimeFailure e) {
      if (e.down()) {
        throw e;
      }
      failedSandbox(String.valueOf(e.getMessage()));
    } catch (SourceFailure e) {
      failedSandbox(String.valueOf(e.getMessage()));
    }
  }

  private void failedSandbox(String why) {
    String message = "Failed to create pod sandbox: " + why;
    events.warning("FailedCreatePodSandBox", message);
    notes.trouble(
        ObservedContainer.SANDBOX, "FailedCreatePodSandBox", message, Duration.ofSeconds(1));
  }

  /** Needs a start slot. */
  void container(Pod pod, PodAction.StartContainer action, Map<String, PreparedVolume> volumes) {
    Container container = action.container();
    String id;
    try {
      id = create(pod, action, volumes);
    } catch (SourceFailure e) {
      String message = String.valueOf(e.getMessage());
      events.warning(container, "Failed", "Error: " + message);
      Trouble trouble =
          new Trouble("CreateContainerConfigError", message, notes.now().plus(CONFIG_RETRY), 1);
      notes.keep(notes.memory().troubled(container.name(), trouble));
      return;
    } catch (RuntimeFailure e) {
      failedCreate(container, e);
      return;
    }
    notes.started(container.name());
    if (action.pause() != null) {
      notes.keep(notes.memory().paused(container.name(), action.pause()));
    }
    start(pod, container, id);
    images.used(container);
  }

  private String create(
      Pod pod, PodAction.StartContainer action, Map<String, PreparedVolume> volumes) {
    Container container = action.container();
    Mount message;
    try {
      message = messages.mount(container, action.attempt());
    } catch (IOException e) {
      throw new SourceFailure("no place for the termination message: " + e.getMessage());
    }
    ContainerConfig config = blueprints.container(files.fields(pod), action, volumes, message);
    if (!images.wasPulled(container)) {
      events.normal(
          container,
          "Pulled",
          "Container image \"" + container.image() + "\" already present on machine");
    }
    String id = shop.runtime().create(beside(pod, container, config));
    events.normal(container, "Created", "Created container: " + container.name());
    return id;
  }

  /** An ephemeral container sees the processes of the one that it is to look at. */
  private ContainerConfig beside(Pod pod, Container container, ContainerConfig config) {
    String name = container.targetContainerName();
    ObservedContainer target = name.isEmpty() ? null : shop.picture().pod(pod.uid()).latest(name);
    if (!name.isEmpty() && (target == null || !target.running())) {
      throw new SourceFailure("unable to find target container " + name);
    }
    return target == null ? config : config.withProcessesOf(target.id());
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
    notes.trouble(container.name(), "CreateContainerError", message, Duration.ofSeconds(5));
  }

  private void start(Pod pod, Container container, String id) {
    try {
      shop.picture().start(id, () -> startAndTell(pod, container, id));
      events.normal(container, "Started", "Started container " + container.name());
    } catch (RuntimeFailure e) {
      if (e.down()) {
        throw e;
      }
      events.warning(
          container,
          "Failed",
          "Error: failed to start container \"" + container.name() + "\": " + e.getMessage());
    }
  }

  /** Before the picture shows it running: until the hook is over it counts as starting. */
  private void startAndTell(Pod pod, Container container, String id) {
    shop.runtime().start(id);
    Lifecycle lifecycle = container.lifecycle();
    if (lifecycle != null && lifecycle.postStart() != null) {
      hooks.postStart(
          pod,
          lifecycle.postStart(),
          new Target(id, container, files.ip(pod)),
          () -> events.warning(container, "FailedPostStartHook", "PostStartHook failed"));
    }
  }
}
