package minik8s.kubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.ContainerRuntime.Hint;
import minik8s.kubelet.runtime.ObservedContainer.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every container runtime must do, whatever is behind it. */
public abstract class ContainerRuntimeContract {
  private final PodRef pod = new PodRef(UUID.randomUUID().toString(), "default", "contract");

  @SuppressWarnings("NullAway.Init")
  private ContainerRuntime runtime;

  /** A runtime that has the two images. */
  protected abstract ContainerRuntime open();

  protected abstract String sandboxImage();

  /** An image with a shell. */
  protected abstract String shellImage();

  @BeforeEach
  void empty() {
    runtime = open();
    cleanUp();
  }

  @AfterEach
  void cleanUp() {
    runtime.list().keySet().forEach(id -> runtime.remove(id));
  }

  private ContainerConfig sandbox(int attempt) {
    return config(
        ObservedContainer.SANDBOX,
        attempt,
        sandboxImage(),
        List.of(),
        new Network.Own("contract", List.of()));
  }

  private ContainerConfig container(String name, String sandboxId, String script) {
    return config(
        name, 0, shellImage(), List.of("sh", "-c", script), new Network.Joined(sandboxId));
  }

  private ContainerConfig config(
      String name, int attempt, String image, List<String> command, Network network) {
    return new ContainerConfig(
        pod,
        name,
        attempt,
        "hash",
        7,
        image,
        command,
        List.of(),
        List.of("A=1"),
        "",
        List.of(),
        network,
        Limits.NONE,
        Security.DEFAULT,
        false,
        false,
        false);
  }

  private ObservedContainer inspect(String id) {
    return runtime.inspect(id).orElseThrow();
  }

  private ObservedContainer runningSandbox() {
    String id = runtime.create(sandbox(0));
    runtime.start(id);
    return inspect(id);
  }

  @Test
  void tellsWhatWasAskedOfAContainerBack() {
    ObservedContainer sandbox = runningSandbox();
    assertThat(sandbox.sandbox()).isTrue();
    assertThat(sandbox.running()).isTrue();
    assertThat(sandbox.ip()).isNotEmpty();
    assertThat(sandbox.pod()).isEqualTo(pod);
    String id = runtime.create(container("c", sandbox.id(), "exit 0"));
    ObservedContainer seen = inspect(id);
    assertThat(seen.state()).isInstanceOf(State.Created.class);
    assertThat(seen.name()).isEqualTo("c");
    assertThat(seen.hash()).isEqualTo("hash");
    assertThat(seen.graceSeconds()).isEqualTo(7);
    assertThat(seen.sandboxId()).isEqualTo(sandbox.id());
    assertThat(runtime.list()).containsOnlyKeys(sandbox.id(), id);
  }

  @Test
  void adoptsAContainerThatHasTheName() {
    String first = runtime.create(sandbox(0));
    assertThat(runtime.create(sandbox(0))).isEqualTo(first);
    assertThat(runtime.create(sandbox(1))).isNotEqualTo(first);
  }

  @Test
  void startsARunningContainerNoSecondTime() {
    ObservedContainer sandbox = runningSandbox();
    runtime.start(sandbox.id());
    assertThat(inspect(sandbox.id()).state()).isEqualTo(sandbox.state());
  }

  @Test
  void endsAContainerBySignalAndRemembersHow() {
    ObservedContainer sandbox = runningSandbox();
    String id = runtime.create(container("c", sandbox.id(), "while true; do sleep 1; done"));
    runtime.start(id);
    BlockingQueue<Hint> hints = new LinkedBlockingQueue<>();
    try (AutoCloseable following = runtime.follow(hints::add)) {
      assertThat(following).isNotNull();
      runtime.signal(id, "KILL");
      awaitExit(id, hints);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(inspect(id).state())
        .isInstanceOfSatisfying(State.Exited.class, e -> assertThat(e.code()).isEqualTo(137));
    runtime.signal(id, "TERM");
  }

  /** Hints say where to look; a lost one is made up for by looking now and then. */
  private void awaitExit(String id, BlockingQueue<Hint> hints) throws InterruptedException {
    for (int i = 0; i < 100 && !inspect(id).exited(); i++) {
      Hint hint = hints.poll(100, TimeUnit.MILLISECONDS);
      assertThat(hint).isNotInstanceOf(Hint.Images.class);
    }
  }

  @Test
  void removesARunningContainerAndAGoneOne() {
    ObservedContainer sandbox = runningSandbox();
    runtime.remove(sandbox.id());
    assertThat(runtime.inspect(sandbox.id())).isEmpty();
    runtime.remove(sandbox.id());
    runtime.signal(sandbox.id(), "TERM");
    assertThat(runtime.list()).isEmpty();
  }

  @Test
  void saysWhenAnImageIsMissing() {
    ContainerConfig missing = config("c", 0, "minik8s/nosuch:1", List.of(), new Network.Host());
    assertThatThrownBy(() -> runtime.create(missing))
        .isInstanceOfSatisfying(
            RuntimeFailure.class,
            e -> assertThat(e.reason()).isEqualTo(RuntimeFailure.Reason.NO_IMAGE));
    assertThat(runtime.image("minik8s/nosuch:1")).isEmpty();
    assertThat(runtime.image(shellImage())).isPresent();
  }
}
