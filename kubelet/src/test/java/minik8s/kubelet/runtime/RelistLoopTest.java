package minik8s.kubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;

class RelistLoopTest {
  private final PodRef pod = new PodRef("u1", "default", "web");
  private final FakeRuntime runtime = new FakeRuntime(new ManualTimers().clock(), "pause");
  private final RuntimePicture picture = new RuntimePicture(runtime);
  private final RelistLoop loop = new RelistLoop(runtime, picture, Duration.ofMinutes(1), () -> {});
  private final List<PodRef> told = new ArrayList<>();

  private String startSandbox() {
    String id = createSandbox();
    runtime.start(id);
    return id;
  }

  private String createSandbox() {
    return runtime.create(
        new ContainerConfig(
            pod,
            "POD",
            0,
            "",
            30,
            "pause",
            List.of(),
            List.of(),
            List.of(),
            "",
            List.of(),
            new Network.Own("web", List.of()),
            Limits.NONE,
            Security.DEFAULT,
            false,
            false,
            false));
  }

  @Test
  void findsWhatNoHintTold() {
    picture.onChange(told::add);
    String id = startSandbox();
    loop.relist();
    assertThat(picture.pod("u1").all()).hasSize(1);
    runtime.remove(id);
    loop.relist();
    assertThat(picture.pod("u1").isEmpty()).isTrue();
    assertThat(told).containsExactly(pod, pod);
  }

  @Test
  void tellsNobodyWhenNothingChanged() {
    startSandbox();
    loop.relist();
    picture.onChange(told::add);
    loop.relist();
    assertThat(told).isEmpty();
  }

  @Test
  void keepsThePictureWhenInspectFails() {
    String id = startSandbox();
    loop.relist();
    ObservedPod before = picture.pod("u1");
    runtime.failInspects(true);
    runtime.signal(id, "KILL");
    loop.relist();
    assertThat(picture.pod("u1")).isEqualTo(before);
    runtime.failInspects(false);
    loop.relist();
    assertThat(picture.pod("u1").all().getFirst().exited()).isTrue();
  }

  @Test
  void keepsThePictureWhileTheRuntimeIsDown() {
    startSandbox();
    loop.relist();
    ObservedPod before = picture.pod("u1");
    runtime.goDown(true);
    loop.relist();
    assertThat(loop.failure()).contains("down");
    assertThat(picture.pod("u1")).isEqualTo(before);
    runtime.goDown(false);
    loop.relist();
    assertThat(loop.failure()).isEmpty();
  }

  @Test
  void takesAHintForNewsOnlyWhenItIsOne() {
    String id = startSandbox();
    loop.relist();
    ObservedContainer known = picture.get(id);
    assertThat(RuntimeDiff.news(known, "running")).isFalse();
    assertThat(RuntimeDiff.news(known, "exited")).isTrue();
    assertThat(RuntimeDiff.news(known, "")).isTrue();
    assertThat(RuntimeDiff.news(null, "running")).isTrue();
    assertThat(RuntimeDiff.news(null, "")).isFalse();
  }

  @Test
  void leavesAContainerToWhomStartsItUntilItIsStarted() {
    String id = createSandbox();
    loop.relist();
    picture.start(
        id,
        () -> {
          runtime.start(id);
          loop.relist();
          assertThat(picture.pod("u1").all().getFirst().running()).isFalse();
        });
    assertThat(picture.pod("u1").all().getFirst().running()).isTrue();
  }

  @Test
  void seesAContainerDieWhileItIsBeingStarted() {
    String id = createSandbox();
    picture.start(
        id,
        () -> {
          runtime.start(id);
          runtime.signal(id, "KILL");
          loop.relist();
          assertThat(picture.pod("u1").all().getFirst().exited()).isTrue();
        });
  }

  @Test
  void suspectsOnlyWhatDoesNotFit() {
    String id = startSandbox();
    loop.relist();
    Map<String, ObservedContainer> known = picture.snapshot();
    assertThat(RuntimeDiff.suspects(known, Map.of(id, "running"))).isEmpty();
    assertThat(RuntimeDiff.suspects(known, Map.of(id, "exited"))).containsExactly(id);
    assertThat(RuntimeDiff.suspects(known, Map.of())).containsExactly(id);
    assertThat(RuntimeDiff.suspects(known, Map.of(id, "running", "new", "created")))
        .containsExactly("new");
  }
}
