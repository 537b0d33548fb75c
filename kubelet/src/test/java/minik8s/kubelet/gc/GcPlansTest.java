package minik8s.kubelet.gc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubelet.runtime.ContainerRuntime.Image;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.PodRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcPlansTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ImageGcPlan.Rules RULES =
      new ImageGcPlan.Rules(85, 80, Duration.ofMinutes(2));

  @TempDir Path folder;

  private static Image image(String id, long bytes) {
    return new Image(id, List.of(id + ":1"), bytes);
  }

  private static ImageLedger.Entry entry(int pulledMinutesAgo, int usedMinutesAgo) {
    return new ImageLedger.Entry(
        NOW.minus(Duration.ofMinutes(pulledMinutesAgo)),
        NOW.minus(Duration.ofMinutes(usedMinutesAgo)));
  }

  private static ObservedContainer run(String uid, String name, int attempt, int endedMinutesAgo) {
    Instant end = NOW.minus(Duration.ofMinutes(endedMinutesAgo));
    State state =
        endedMinutesAgo < 0 ? new State.Running(NOW) : new State.Exited(0, false, "", end, end);
    return new ObservedContainer(
        uid + name + attempt,
        new PodRef(uid, "default", "p"),
        name,
        attempt,
        "h",
        "box",
        state,
        "image",
        end,
        "",
        "SIGTERM",
        30);
  }

  private static List<String> removed(
      List<ObservedContainer> runs, Set<String> goingOn, int per, int total) {
    return ContainerGcPlan.removals(
            runs, goingOn, new ContainerGcPlan.Rules(per, total, Duration.ZERO), NOW)
        .stream()
        .map(ObservedContainer::id)
        .sorted()
        .toList();
  }

  @Test
  void freesNothingBelowTheThreshold() {
    assertThat(ImageGcPlan.excess(100, 16, RULES)).isZero();
    assertThat(ImageGcPlan.excess(100, 15, RULES)).isEqualTo(5);
    assertThat(ImageGcPlan.excess(0, 0, RULES)).isZero();
  }

  @Test
  void removesWhatWasUnusedForLongestUntilEnoughIsFree() {
    List<Image> images = List.of(image("new", 10), image("old", 10), image("oldest", 10));
    Map<String, ImageLedger.Entry> known =
        Map.of("new", entry(60, 5), "old", entry(60, 20), "oldest", entry(60, 30));
    assertThat(ImageGcPlan.removals(images, known, Set.of(), 15, Duration.ofMinutes(2), NOW))
        .extracting(Image::id)
        .containsExactly("oldest", "old");
  }

  @Test
  void leavesImagesOfOthersUsedOnesAndYoungOnesAlone() {
    List<Image> images = List.of(image("built", 10), image("used", 10), image("young", 10));
    Map<String, ImageLedger.Entry> known = Map.of("used", entry(60, 60), "young", entry(1, 1));
    assertThat(
            ImageGcPlan.removals(
                images, known, Set.of("used"), Long.MAX_VALUE, Duration.ofMinutes(2), NOW))
        .isEmpty();
  }

  @Test
  void remembersPulledImagesAcrossARestart() {
    Path file = folder.resolve("pulled");
    ImageLedger ledger = new ImageLedger(file);
    ledger.pulled("sha256:a", NOW.minusSeconds(90));
    ledger.pulled("sha256:b", NOW.minusSeconds(90));
    ledger.seen(Set.of("sha256:a", "sha256:c"), Set.of("sha256:a", "sha256:c"), NOW);
    assertThat(new ImageLedger(file).entries())
        .isEqualTo(Map.of("sha256:a", new ImageLedger.Entry(NOW.minusSeconds(90), NOW)));
  }

  @Test
  void keepsTheNewestRunsOfEachContainer() {
    List<ObservedContainer> runs =
        List.of(
            run("u", "c", 0, 9), run("u", "c", 1, 8), run("u", "c", 2, 7), run("u", "c", 3, -1));
    assertThat(removed(runs, Set.of("u"), 1, -1)).containsExactly("uc0", "uc1");
    assertThat(removed(runs, Set.of("u"), 0, -1)).containsExactly("uc0", "uc1", "uc2");
    assertThat(removed(runs, Set.of("u"), -1, -1)).isEmpty();
  }

  @Test
  void neverRemovesTheEndThatDecidesWhatComesNext() {
    List<ObservedContainer> runs = List.of(run("u", "c", 0, 9), run("v", "c", 0, 9));
    assertThat(removed(runs, Set.of("u"), 0, 0)).containsExactly("vc0");
  }

  @Test
  void removesTheOldestBeyondTheNodesLimit() {
    List<ObservedContainer> runs =
        List.of(run("u", "c", 0, 9), run("v", "c", 0, 8), run("w", "c", 0, 7));
    assertThat(removed(runs, Set.of(), 1, 1)).containsExactly("uc0", "vc0");
    assertThat(
            ContainerGcPlan.removals(
                runs, Set.of(), new ContainerGcPlan.Rules(0, 0, Duration.ofHours(1)), NOW))
        .isEmpty();
  }
}
