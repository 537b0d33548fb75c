package minik8s.kubelet.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir Path temp;

  private static Payload file(String text) {
    return new Payload(text.getBytes(UTF_8), 0640);
  }

  @Test
  void writesFilesWithTheirModes() throws IOException {
    Path folder = temp.resolve("v");
    assertThat(new AtomicFolder(folder).write(Map.of("a", file("1"), "sub/b", file("2")))).isTrue();
    assertThat(folder.resolve("a")).hasContent("1");
    assertThat(folder.resolve("sub/b")).hasContent("2");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
        .isEqualTo("rw-r-----");
    assertThat(Files.readSymbolicLink(folder.resolve("a"))).hasToString("..data/a");
  }

  @Test
  void leavesEqualContentAlone() throws IOException {
    AtomicFolder folder = new AtomicFolder(temp);
    folder.write(Map.of("a", file("1")));
    Path before = Files.readSymbolicLink(temp.resolve("..data"));
    assertThat(folder.write(Map.of("a", file("1")))).isFalse();
    assertThat(Files.readSymbolicLink(temp.resolve("..data"))).isEqualTo(before);
  }

  @Test
  void swapsAllFilesByOneLink() throws IOException {
    AtomicFolder folder = new AtomicFolder(temp);
    folder.write(Map.of("a", file("1"), "b", file("1")));
    Path before = Files.readSymbolicLink(temp.resolve("..data"));
    folder.write(Map.of("a", file("2"), "c", file("2")));
    assertThat(Files.readSymbolicLink(temp.resolve("..data"))).isNotEqualTo(before);
    assertThat(temp.resolve("a")).hasContent("2");
    assertThat(temp.resolve("c")).hasContent("2");
    assertThat(Files.exists(temp.resolve("b"), java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(temp.resolve(before)).doesNotExist();
  }

  @Test
  void leavesNothingBehind() throws IOException {
    AtomicFolder folder = new AtomicFolder(temp);
    for (int i = 0; i < 5; i++) {
      folder.write(Map.of("a", file("" + i)));
    }
    try (Stream<Path> entries = Files.list(temp)) {
      assertThat(entries).hasSize(3);
    }
  }

  @Test
  void refusesToLeaveTheFolder() {
    assertThatThrownBy(() -> new AtomicFolder(temp).write(Map.of("../x", file("1"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("leaves the volume");
  }
}
