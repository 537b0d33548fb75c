package minik8s.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTreeTest {
  @TempDir private Path home;

  @Test
  void removesAllThatIsInsideAndNothingThatALinkLeadsTo() throws IOException {
    Path outside = Files.createDirectory(home.resolve("outside"));
    Path kept = Files.writeString(outside.resolve("kept"), "x");
    Path tree = home.resolve("tree");
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/b/file"), "x");
    Files.createSymbolicLink(tree.resolve("a/link"), outside);
    Files.createSymbolicLink(tree.resolve("dangling"), home.resolve("nowhere"));

    FolderTree.delete(tree);

    assertThat(tree).doesNotExist();
    assertThat(kept).exists();
  }

  @Test
  void findsNothingToDoWhereThereIsNothing() throws IOException {
    FolderTree.delete(home.resolve("never-made"));
    assertThat(home).isEmptyDirectory();
  }
}
