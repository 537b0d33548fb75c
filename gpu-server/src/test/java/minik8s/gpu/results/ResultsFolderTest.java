package minik8s.gpu.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minik8s.api.ObjectKey;
import minik8s.api.codec.Json;
import minik8s.gpu.GpuJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFolderTest {
  private static final ObjectKey JOB = new ObjectKey("default", "add");

  @TempDir Path root;

  @Test
  void keepsEveryNameInsideTheFolder() {
    for (String name :
        List.of(
            "../x",
            "/etc/passwd",
            "a/../../x",
            "",
            ".",
            "..",
            ".hidden",
            "a/.b",
            "a\nb",
            "a\\b",
            "a//b")) {
      assertThatThrownBy(() -> ResultsFolder.confined(root, name))
          .as(name)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void showsEachFileWholeOrAsItWas() throws Exception {
    ResultsFolder folder = new ResultsFolder(root, "http://r");
    folder.land(JOB, "out/a.txt", "one");
    assertThatThrownBy(() ->
            folder.<IOException>land(
                JOB,
                "out/a.txt",
                out -> {
                  out.write('t');
                  throw new IOException("cut");
                }))
        .isInstanceOf(IOException.class);
    assertThat(root.resolve("default/add/out/a.txt")).hasContent("one");
    assertThat(folder.files(JOB, 10)).containsExactly(new GpuJob.ResultFile("out/a.txt", 3));
    assertThat(folder.url(JOB)).isEqualTo("http://r/default/add/");
  }

  @Test
  void givesTheFolderToOneJobAtATime() throws Exception {
    ResultsFolder folder = new ResultsFolder(root, "http://r");
    folder.claim(JOB, "first");
    folder.land(JOB, "a", "x");
    folder.claim(JOB, "first");
    assertThat(root.resolve("default/add/a")).exists();
    folder.claim(JOB, "second");
    assertThat(root.resolve("default/add/a")).doesNotExist();
    folder.removeOf(JOB, "first");
    assertThat(root.resolve("default/add")).exists();
    folder.removeOf(JOB, "second");
    assertThat(root.resolve("default/add")).doesNotExist();
  }

  @Test
  void neverLeavesThroughALink() throws Exception {
    ResultsFolder folder = new ResultsFolder(root.resolve("results"), "http://r");
    folder.claim(JOB, "u");
    Path outside = Files.writeString(root.resolve("outside"), "secret");
    Files.createSymbolicLink(folder.of(JOB).resolve("link"), outside);
    assertThat(folder.files(JOB, 10)).noneMatch(file -> file.path().equals("outside"));
    folder.land(JOB, "link", "mine");
    assertThat(outside).hasContent("secret");
  }

  @Test
  void escapesWhatJobsWrite() {
    GpuJob job =
        Json.read(
            "{\"metadata\":{\"name\":\"add\",\"namespace\":\"default\"},\"spec\":{},\"status\":{\"phase\":\"Failed\",\"outputTail\":\"<script>alert(1)</script>\",\"message\":\"a & b\"}}",
            GpuJob.class);
    String page =
        IndexPage.of(job, job.status(), List.of(new GpuJob.ResultFile("a b\"<.txt", 2048)));
    assertThat(page)
        .doesNotContain("<script")
        .contains("&lt;script&gt;", "a &amp; b", "href=\"./a%20b%22%3C.txt\"", "2.0 KiB");
    assertThat(page).doesNotContain("http-equiv");
  }
}
