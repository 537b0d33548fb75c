package minik8s.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.testing.FakeApi;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
  private static final ObjectKey KEY = new ObjectKey("default", "web");

  /** A static pod, which the API server knows by its mirror only. */
  private static final Pod FILE =
      Json.read(
          "{\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"of-the-file\"},\"spec\":{}}",
          Pod.class);

  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final List<Runnable> tasks = new ArrayList<>();

  private static PodStatus status(String phase) {
    return Json.read("{\"phase\":\"" + phase + "\"}", PodStatus.class);
  }

  private Pod created() {
    return api.create(
        Resources.PODS, "default", Json.parse("{\"metadata\":{\"name\":\"web\"},\"spec\":{}}"));
  }

  private String phase() {
    return api.get(Resources.PODS, KEY).status().phase();
  }

  private StatusWriter ofMirrors() {
    return new StatusWriter(api, timers, tasks::add, _ -> api.find(Resources.PODS, KEY));
  }

  private void runTasks() {
    List<Runnable> due = List.copyOf(tasks);
    tasks.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void writesOnlyTheNewestOfWhatWaits() {
    StatusWriter writer = new StatusWriter(api, timers, tasks::add);
    Pod pod = created();
    writer.put(pod, status("Pending"), true);
    writer.put(pod, status("Running"), false);
    runTasks();
    assertThat(phase()).isEqualTo("Running");
    timers.advance(Duration.ofMinutes(1));
    runTasks();
    assertThat(phase()).isEqualTo("Running");
    assertThat(api.writes().stream().filter(w -> w.verb().equals("patch"))).hasSize(1);
  }

  @Test
  void forgetsWhatWaitedWhenAnotherObjectTakesThePlace() {
    StatusWriter writer = ofMirrors();
    writer.put(FILE, status("Pending"), true);
    created();
    writer.reset(FILE.uid());
    writer.put(FILE, status("Running"), false);
    runTasks();
    timers.advance(Duration.ofMinutes(1));
    runTasks();
    assertThat(phase()).isEqualTo("Running");
  }

  @Test
  void seesWhatOthersWroteIntoAMirror() {
    StatusWriter writer = ofMirrors();
    created();
    writer.put(FILE, status("Running"), false);
    runTasks();
    api.patchStatus(Resources.PODS, KEY, Json.parse("{\"status\":{\"phase\":\"Pending\"}}"));
    writer.put(FILE, status("Running"), false);
    runTasks();
    assertThat(phase()).isEqualTo("Running");
  }
}
