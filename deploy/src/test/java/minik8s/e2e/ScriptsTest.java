package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the launcher's scripts that no run of them would show for sure. */
class ScriptsTest {
  /** Its reader ends before its writer: with pipefail the answer is then no, now and then. */
  private static final Pattern CUT_SHORT =
      Pattern.compile("\\b[a-z]+_(names|known)\\b[^|#]*\\| *(grep -\\w*[qm]|head\\b)");

  @Test
  void pipesNoListOfOursIntoAProgramThatEndsEarly() throws IOException {
    try (Stream<Path> files = Files.walk(TestCluster.file("deploy/lib"))) {
      List<Path> scripts = files.filter(file -> file.toString().endsWith(".sh")).toList();
      assertThat(scripts).isNotEmpty();
      for (Path script : scripts) {
        assertThat(Files.readAllLines(script))
            .as(script.toString())
            .noneMatch(line -> CUT_SHORT.matcher(line).find());
      }
    }
  }

  @Test
  void findsANameWhereverItStands() {
    String config = TestCluster.file("deploy/lib/config.sh").toString();
    String script =
        """
        set -euo pipefail
        . "$1"
        NODES=500
        is_among node-1 $(node_names)
        is_among node-500 $(node_names)
        ! is_among node-501 $(node_names)
        ! is_among node-1
        """;
    Programs.run(List.of("bash", "-c", script, "test", config)).ok();
  }
}
