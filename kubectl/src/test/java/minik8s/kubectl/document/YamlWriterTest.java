package minik8s.kubectl.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class YamlWriterTest {
  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(YamlWriterTest.class.getResourceAsStream("/golden/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Both files were written by kubectl 1.33: every awkward string there is. */
  @Test
  void writesAwkwardStringsAsKubectlDoes() throws IOException {
    assertThat(YamlWriter.write(Json.parse(golden("tricky.json"))))
        .isEqualTo(golden("tricky.yaml"));
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Object document = Json.parse(golden("tricky.json"));
    assertThat(YamlReader.read(YamlWriter.write(document))).isEqualTo(document);
  }

  @Test
  void doesNotIndentSequences() {
    assertThat(YamlWriter.write(Json.parse("{\"a\":[{\"b\":1,\"c\":[]},[1,2],{}],\"d\":null}")))
        .isEqualTo("a:\n- b: 1\n  c: []\n- - 1\n  - 2\n- {}\nd: null\n");
  }
}
