package minik8s.kubelet.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.RuntimeFailure.Reason;
import org.jspecify.annotations.Nullable;

/** A container engine in memory. Thread-safe. */
public final class FakeRuntime implements ContainerRuntime {
  private final InstantSource clock;
  private final Map<String, ObservedContainer> containers = new LinkedHashMap<>();
  private final Map<String, ContainerConfig> configs = new LinkedHashMap<>();
  private final Set<String> images = new TreeSet<>();
  private final Set<String> pullable = new TreeSet<>();
  private final Map<String, String> privates = new LinkedHashMap<>();
  private final List<Consumer<Hint>> followers = new CopyOnWriteArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final Set<String> ignoringTerm = new TreeSet<>();
  private boolean immortal;
  private boolean namesIgnored;
  private int ids;
  private boolean down;
  private boolean inspectFails;
  private String startFailure = "";

  public FakeRuntime(InstantSource clock, String... images) {
    this.clock = clock;
    this.images.addAll(List.of(images));
  }

  /** What was asked that changes something, such as {@code start c}. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  public synchronized void goDown(boolean now) {
    down = now;
  }

  public synchronized void failInspects(boolean now) {
    inspectFails = now;
  }

  public synchronized void failStarts(String message) {
    startFailure = message;
  }

  /** Creates whatever it is asked for, as if names did not tell which pod and attempt it is. */
  public synchronized void ignoreNames(boolean now) {
    namesIgnored = now;
  }

  /** Every container there is. */
  public synchronized List<ObservedContainer> all() {
    return List.copyOf(containers.values());
  }

  public synchronized void allowPull(String image) {
    pullable.add(image);
  }

  /** Only this user, as {@code name:password}, can pull. */
  public synchronized void allowPull(String image, String user) {
    pullable.add(image);
    privates.put(image, user);
  }

  public synchronized void ignoreTerm(String container) {
    ignoringTerm.add(container);
  }

  /** Signals are taken, but nothing ends: an engine under load. */
  public synchronized void endNothing(boolean now) {
    immortal = now;
  }

  /** The running container of this name. */
  public synchronized ObservedContainer running(String name) {
    return containers.values().stream()
        .filter(c -> c.name().equals(name) && c.running())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no running " + name + " in " + containers.values()));
  }

  public synchronized ContainerConfig config(String id) {
    return Optional.ofNullable(configs.get(id)).orElseThrow();
  }

  /** A container ends by itself. */
  public void exit(String name, int code) {
    end(running(name).id(), code);
  }

  /** The container of this id ends by itself. */
  public void end(String id, int code) {
    synchronized (this) {
      ObservedContainer container = Optional.ofNullable(containers.get(id)).orElseThrow();
      Instant started = container.state() instanceof State.Running r ? r.startedAt() : at();
      containers.put(id, container.in(new State.Exited(code, false, "", started, at())));
    }
    followers.forEach(f -> f.accept(new Hint.Container(id, "exited")));
  }

  private Instant at() {
    return clock.instant();
  }

  private void check() {
    if (down) {
      throw new RuntimeFailure(Reason.DOWN, "the fake is down", null);
    }
  }

  @Override
  public synchronized String version() {
    check();
    return "0.0-fake";
  }

  @Override
  public synchronized Map<String, String> list() {
    check();
    Map<String, String> states = new LinkedHashMap<>();
    containers.forEach(
        (id, c) -> states.put(id, c.running() ? "running" : c.exited() ? "exited" : "created"));
    return states;
  }

  @Override
  public synchronized Optional<ObservedContainer> inspect(String id) {
    check();
    if (inspectFails) {
      throw new RuntimeFailure(Reason.REFUSED, "the fake does not inspect", null);
    }
    return Optional.ofNullable(containers.get(id));
  }

  @Override
  public synchronized String create(ContainerConfig config) {
    check();
    for (Map.Entry<String, ContainerConfig> known : configs.entrySet()) {
      if (!namesIgnored && known.getValue().engineName().equals(config.engineName())) {
        return known.getKey();
      }
    }
    if (!images.contains(config.image())) {
      throw new RuntimeFailure(Reason.NO_IMAGE, "No such image: " + config.image(), null);
    }
    String id = "id" + ++ids;
    boolean sandbox = config.container().equals(ObservedContainer.SANDBOX);
    calls.add("create " + config.container());
    configs.put(id, config);
    containers.put(
        id,
        new ObservedContainer(
            id,
            config.pod(),
            config.container(),
            config.attempt(),
            config.hash(),
            config.network() instanceof ContainerConfig.Network.Joined j ? j.sandboxId() : "",
            new State.Created(),
            "sha256:" + config.image(),
            at(),
            sandbox ? "10.0.0." + ids : "",
            "SIGTERM",
            config.graceSeconds()));
    return id;
  }

  @Override
  public synchronized void start(String id) {
    check();
    ObservedContainer container = containers.get(id);
    if (container == null) {
      throw new RuntimeFailure(Reason.NO_CONTAINER, "no " + id, null);
    }
    if (container.running()) {
      return;
    }
    calls.add("start " + container.name());
    if (!startFailure.isEmpty()) {
      containers.put(id, container.in(new State.Exited(128, false, startFailure, at(), at())));
      throw new RuntimeFailure(Reason.REFUSED, startFailure, null);
    }
    containers.put(id, container.in(new State.Running(at())));
  }

  @Override
  public void signal(String id, String signal) {
    ObservedContainer container;
    synchronized (this) {
      check();
      container = containers.get(id);
      if (container == null || !container.running()) {
        return;
      }
      calls.add("signal " + container.name() + " " + signal);
      if (immortal || (signal.endsWith("TERM") && ignoringTerm.contains(container.name()))) {
        return;
      }
    }
    end(id, signal.endsWith("KILL") ? 137 : 0);
  }

  @Override
  public void remove(String id) {
    synchronized (this) {
      check();
      ObservedContainer container = containers.remove(id);
      configs.remove(id);
      if (container != null) {
        calls.add("remove " + container.name());
      }
    }
    followers.forEach(f -> f.accept(new Hint.Container(id, "")));
  }

  @Override
  public synchronized Optional<Image> image(String reference) {
    check();
    return images.contains(reference)
        ? Optional.of(new Image("sha256:" + reference, List.of(reference), 1))
        : Optional.empty();
  }

  @Override
  public synchronized List<Image> images() {
    check();
    return images.stream().map(i -> new Image("sha256:" + i, List.of(i), 1)).toList();
  }

  @Override
  public synchronized Set<String> imagesInUse() {
    check();
    Set<String> inUse = new TreeSet<>();
    containers.values().forEach(c -> inUse.add(c.imageId()));
    return inUse;
  }

  @Override
  public synchronized boolean removeImage(Image image) {
    check();
    calls.add("remove image " + image.id());
    return !imagesInUse().contains(image.id()) && images.removeAll(image.names());
  }

  @Override
  public Path folder() {
    return Path.of("/");
  }

  @Override
  public synchronized void pull(String reference, @Nullable Login login) {
    check();
    String user = login == null ? "nobody" : login.username() + ":" + login.password();
    if (privates.containsKey(reference) && !user.equals(privates.get(reference))) {
      throw new RuntimeFailure(Reason.REFUSED, "unauthorized: " + reference, null);
    }
    if (!pullable.contains(reference)) {
      throw new RuntimeFailure(Reason.REFUSED, "pull access denied for " + reference, null);
    }
    images.add(reference);
  }

  @Override
  public AutoCloseable follow(Consumer<Hint> hints) {
    followers.add(hints);
    return () -> followers.remove(hints);
  }

  @Override
  public void close() {
    // holds nothing
  }
}
