package minik8s.kubectl.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuJobFilesTest {
  @TempDir Path home = Path.of("");

  @BeforeEach
  void fill() throws IOException {
    write("work/add.cu", "kernel");
    write("work/Makefile", "all:");
    write("work/lib/add.h", "header");
    write("work/data.bin", "data");
    write("work/.git/config", "history");
    write("work/.hidden.cu", "settings");
    write("secret.h", "outside");
  }

  @Test
  void packsSourcesHeadersAndMakefilesInOrder() {
    assertThat(paths(pack(job("work")))).containsExactly("Makefile", "add.cu", "lib/add.h");
  }

  @Test
  void packsWhatPatternsNameAtAnyDepth() {
    assertThat(paths(pack(job("work", "include", List.of("*.h", "data.*")))))
        .containsExactly("data.bin", "lib/add.h");
    assertThat(paths(pack(job("work", "include", List.of("**/*.cu", "lib/**")))))
        .containsExactly("add.cu", "lib/add.h");
    assertThat(paths(pack(job("work", "exclude", List.of("lib")))))
        .containsExactly("Makefile", "add.cu");
  }

  @Test
  void keepsTextAsTextAndBytesAsBytes() throws IOException {
    Files.write(home.resolve("work/data.bin"), new byte[] {0, 1, (byte) 0xff});
    Files.setPosixFilePermissions(
        home.resolve("work/Makefile"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Object> files = pack(job("work", "include", List.of("data.bin", "Makefile")));
    assertThat(Tree.asMap(files.get(0)))
        .containsEntry("content", "all:")
        .containsEntry("mode", 493L);
    assertThat(Tree.asMap(files.get(1)))
        .containsEntry("contentBase64", "AAH/")
        .doesNotContainKeys("content", "mode");
  }

  @Test
  void namesTheLargestFilesOfWhatIsTooLarge() throws IOException {
    Files.write(home.resolve("work/data.bin"), new byte[1 << 20]);
    assertThatThrownBy(() -> pack(job("work", "include", List.of("*"))))
        .isInstanceOf(KubectlException.class)
        .hasMessageContaining("carries at most 1 MiB")
        .hasMessageContaining("data.bin (1.00 MiB)")
        .hasMessageContaining("spec.workDirectory.exclude");
  }

  @Test
  void staysInTheFolderOfTheManifest() {
    for (String path : List.of("..", "work/../..", "/etc", "work/../../x")) {
      assertThatThrownBy(() -> pack(job(path)))
          .hasMessageContaining("leads out of the folder of the manifest");
    }
    assertThatThrownBy(() -> pack(job("nowhere"))).hasMessageContaining("is no folder beside");
    assertThat(paths(pack(job("./work/../work/lib")))).containsExactly("add.h");
  }

  @Test
  void refusesSymbolicLinksUnlessTheyAreLeftOut() throws IOException {
    Files.createSymbolicLink(home.resolve("work/key.h"), home.resolve("secret.h"));
    assertThatThrownBy(() -> pack(job("work"))).hasMessageContaining("key.h is a symbolic link");
    assertThat(paths(pack(job("work", "exclude", List.of("key.h"))))).contains("add.cu");
    Files.createSymbolicLink(home.resolve("link"), home.resolve("work"));
    assertThatThrownBy(() -> pack(job("link"))).hasMessageContaining("is no folder beside");
    assertThatThrownBy(() -> pack(job("link/lib"))).hasMessageContaining("symbolic link");
  }

  @Test
  void refusesLinksToFolders() throws IOException {
    Files.createSymbolicLink(home.resolve("work/more"), home.resolve("work/lib"));
    assertThatThrownBy(() -> pack(job("work"))).hasMessageContaining("more is a symbolic link");
  }

  @Test
  void leavesJobsAloneThatSayWhereTheirFilesAre() {
    Map<String, Object> job = job("work");
    Tree.put(job, "sources", "spec", "workDirectory", "source", "configMap", "name");
    assertThat(GpuJobFiles.wanting(job)).isFalse();
    assertThat(GpuJobFiles.wanting(Tree.of("apiVersion", "batch/v1", "kind", "Job"))).isFalse();
  }

  @Test
  void refusesFoldersNamedByAnAddress() {
    assertThatThrownBy(() -> GpuJobFiles.pack(job("work"), "https://example.com/job.yaml"))
        .hasMessageContaining("may not name");
  }

  @Test
  void keepsNoContentsInWhatApplyRemembers() {
    Map<String, Object> job = job("work");
    GpuJobFiles.pack(job, home.resolve("job.yaml").toString());
    assertThat(GpuJobFiles.packed(job)).isTrue();
    assertThat(GpuJobFiles.withoutContents(job).toString())
        .contains("add.cu")
        .doesNotContain("kernel");
    assertThat(job.toString()).contains("kernel");
  }

  private List<Object> pack(Map<String, Object> job) {
    GpuJobFiles.pack(job, home.resolve("job.yaml").toString());
    return Tree.list(job, "spec", "workDirectory", "source", "files");
  }

  private static Map<String, Object> job(String path, Object... more) {
    Map<String, Object> work = Tree.of(more);
    work.put("path", path);
    work.replaceAll(
        (key, value) -> value instanceof List<?> list ? new ArrayList<Object>(list) : value);
    return Tree.of(
        "apiVersion",
        "gpu.minik8s.io/v1",
        "kind",
        "GpuJob",
        "spec",
        Tree.of("workDirectory", work));
  }

  private static List<String> paths(List<Object> files) {
    return files.stream().map(file -> Tree.text(file, "path")).toList();
  }

  private void write(String path, String text) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
