package minik8s.kubelet.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerSizesTest {
  private static final long BLOCK = 4096;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private final Deque<Runnable> walks = new ArrayDeque<>();
  private Instant now = Instant.EPOCH;
  private final LayerSizes sizes = new LayerSizes(walks::add, () -> now);

  private LayerSizes.Size ask() {
    return sizes.of("a", folder.toString(), "");
  }

  /** The whole blocks that the folder itself takes: none where it is in memory. */
  private long own() throws IOException {
    return Files.size(folder) / BLOCK * BLOCK;
  }

  @Test
  void answersAtOnceAndWalksBehind() throws Exception {
    Files.writeString(folder.resolve("file"), "x");

    assertThat(ask().layerBytes()).isNegative();
    assertThat(ask().layerBytes()).isNegative();
    assertThat(walks).hasSize(1);
    walks.remove().run();

    assertThat(ask().layerBytes()).isEqualTo(BLOCK + own());
    assertThat(ask().logBytes()).isNegative();
  }

  @Test
  void walksAgainOnceTheResultIsOld() {
    assertThat(ask().layerBytes()).isNegative();
    walks.remove().run();
    now = now.plus(LayerSizes.FRESH).plusSeconds(1);

    assertThat(ask().layerBytes()).isNotNegative();
    assertThat(walks).hasSize(1);
  }

  @Test
  void countsAFileWithTwoNamesOnce() throws Exception {
    Files.writeString(folder.resolve("file"), "x");
    Files.createLink(folder.resolve("other"), folder.resolve("file"));
    assertThat(ask().layerBytes()).isNegative();
    walks.remove().run();

    assertThat(ask().layerBytes()).isEqualTo(BLOCK + own());
  }

  @Test
  void forgetsContainersThatAreGone() {
    assertThat(ask().layerBytes()).isNegative();
    walks.remove().run();
    sizes.retain(Set.of());

    assertThat(ask().layerBytes()).isNegative();
  }
}
