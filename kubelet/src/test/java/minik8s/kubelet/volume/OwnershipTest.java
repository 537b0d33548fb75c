package minik8s.kubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that are not root's own, which only root can give. */
class OwnershipTest {
  @TempDir Path root;
  private Path file;

  @BeforeEach
  void fill() throws IOException {
    file = Files.createDirectory(root.resolve("sub")).resolve("file");
    Files.writeString(file, "x");
    Ownership.chmod(file, 0600);
  }

  private static long gid(Path path) throws IOException {
    return ((Number) Files.getAttribute(path, "unix:gid")).longValue();
  }

  @Test
  void letsTheGroupReadAndWriteAndPassItOn() throws IOException {
    Ownership.give(root, 2000, false);
    assertThat(gid(file)).isEqualTo(2000);
    assertThat(Ownership.mode(file)).isEqualTo(0660);
    assertThat(Ownership.mode(root.resolve("sub")) & 02770).isEqualTo(02770);
  }

  @Test
  void sparesAVolumeWhoseRootIsRightWhenAsked() throws IOException {
    Ownership.give(root, 2000, true);
    Ownership.chgrp(file, 7);
    Ownership.give(root, 2000, true);
    assertThat(gid(file)).isEqualTo(7);
    Ownership.give(root, 2000, false);
    assertThat(gid(file)).isEqualTo(2000);
  }

  @Test
  void followsNoLink() throws IOException {
    Path outside = Files.createTempFile("outside", "");
    Files.createSymbolicLink(root.resolve("link"), outside);
    Ownership.give(root, 2000, false);
    assertThat(gid(outside)).isNotEqualTo(2000);
    Files.delete(outside);
  }
}
