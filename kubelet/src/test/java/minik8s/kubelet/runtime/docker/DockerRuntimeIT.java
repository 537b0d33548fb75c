package minik8s.kubelet.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerRuntimeContract;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Frames;
import minik8s.kubelet.runtime.ContainerStreams.Session;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.runtime.RuntimeFailure;
import org.junit.jupiter.api.Test;

/** The contract on a real Docker Engine, which has the images that {@code minik8s up} builds. */
class DockerRuntimeIT extends ContainerRuntimeContract {
  private static final String ENDPOINT = "unix:///var/run/docker.sock";
  private static final String CLUSTER = "minik8s-contract-" + ProcessHandle.current().pid();
  private static final String SHELL = "minik8s/toolbox:1";

  private final ContainerRuntime docker = open();
  private final DockerStreams streams = new DockerStreams(ENDPOINT);

  @Override
  protected ContainerRuntime open() {
    return new DockerRuntime(ENDPOINT, CLUSTER, "node");
  }

  @Override
  protected String sandboxImage() {
    return "minik8s/pause:3.10";
  }

  @Override
  protected String shellImage() {
    return SHELL;
  }

  private String start(String script, boolean stdin) {
    String id =
        docker.create(
            new ContainerConfig(
                new PodRef("uid", "default", "p"),
                "c",
                0,
                "h",
                0,
                SHELL,
                List.of("sh", "-c", script),
                List.of(),
                List.of(),
                "",
                List.of(),
                new Network.Host(),
                Limits.NONE,
                Security.DEFAULT,
                stdin,
                false,
                false));
    docker.start(id);
    return id;
  }

  private static String text(Frames frames, boolean stderr) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
      if (frame.stderr() == stderr) {
        all.writeBytes(frame.bytes());
      }
    }
    return all.toString(UTF_8);
  }

  @Test
  void hidesContainersOfOtherNodesAndClusters() {
    String id = start("sleep 60", false);
    try (ContainerRuntime other = new DockerRuntime(ENDPOINT, CLUSTER, "other")) {
      assertThat(other.list()).isEmpty();
      assertThat(other.inspect(id)).isEmpty();
    }
  }

  @Test
  void tellsWhyACommandCouldNotStart() {
    String id =
        docker.create(
            new ContainerConfig(
                new PodRef("uid", "default", "p"),
                "bad",
                0,
                "h",
                0,
                SHELL,
                List.of("/nosuch"),
                List.of(),
                List.of(),
                "",
                List.of(),
                new Network.Host(),
                Limits.NONE,
                Security.DEFAULT,
                false,
                false,
                false));
    assertThatThrownBy(() -> docker.start(id))
        .isInstanceOf(RuntimeFailure.class)
        .hasMessageContaining("/nosuch");
    assertThat(docker.inspect(id).map(ObservedContainer::state))
        .hasValueSatisfying(state ->
            assertThat(state)
                .isInstanceOfSatisfying(
                    State.Exited.class,
                    e -> assertThat(e.error()).contains("no such file or directory")));
  }

  @Test
  void readsALogWithItsTail() throws IOException {
    String id = start("echo one; echo two; echo three", false);
    try (Frames follow = streams.logs(id, true, null, null, false)) {
      assertThat(text(follow, false)).isEqualTo("one\ntwo\nthree\n");
    }
    try (Frames tail = streams.logs(id, false, 1L, null, false)) {
      assertThat(text(tail, false)).isEqualTo("three\n");
    }
  }

  @Test
  void tellsTheTwoOutputsApart() throws IOException {
    String id = start("echo out; echo oops >&2", false);
    try (Frames follow = streams.logs(id, true, null, null, false)) {
      assertThat(text(follow, true)).isEqualTo("oops\n");
    }
  }

  @Test
  void passesEndOfFileToACommand() throws IOException {
    String id = start("sleep 60", false);
    try (Session exec = streams.exec(id, List.of("sh", "-c", "cat; exit 3"), true, false)) {
      exec.stdin().write("through\n".getBytes(UTF_8));
      exec.stdin().close();
      assertThat(text(exec, false)).isEqualTo("through\n");
      assertThat(exec.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void givesATerminalItsSize() throws IOException {
    String id = start("sleep 60", false);
    try (Session exec =
        streams.exec(id, List.of("sh", "-c", "read x; stty size; exit 0"), true, true)) {
      exec.resize(132, 40);
      exec.stdin().write("\n".getBytes(UTF_8));
      assertThat(text(exec, false)).contains("40 132");
    }
  }

  @Test
  void joinsTheProcessItself() throws IOException {
    String id = start("read x; echo got $x", true);
    try (Session attached = streams.attach(id, true, true, true, false)) {
      attached.stdin().write("it\n".getBytes(UTF_8));
      assertThat(text(attached, false)).isEqualTo("got it\n");
    }
  }
}
