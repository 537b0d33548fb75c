package minik8s.kubectl.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
  @TempDir Path folder = Path.of("");

  private static String object(String name) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n";
  }

  private List<String> names(boolean recursive, String... sources) {
    InputStream in = new ByteArrayInputStream(object("stdin").getBytes(StandardCharsets.UTF_8));
    return new ManifestReader(in, recursive)
        .read(List.of(sources)).stream().map(Manifest::name).toList();
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }

  @Test
  void cutsDocumentsAndSkipsEmptyOnes() throws IOException {
    Path file =
        write(
            "a.yaml",
            "# head\n---\n" + object("a") + "---\n\n# nothing\n---\n" + object("b") + "--- \n");
    assertThat(names(false, file.toString())).containsExactly("a", "b");
  }

  @Test
  void opensLists() throws IOException {
    Path file =
        write(
            "l.json",
            "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\","
                + "\"metadata\":{\"name\":\"p\"}},{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":"
                + "[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"q\"}}]}]}");
    assertThat(names(false, file.toString())).containsExactly("p", "q");
  }

  @Test
  void readsFoldersInOrderAndDeeperOnlyWhenAsked() throws IOException {
    write("d/b.yml", object("b"));
    write("d/a.yaml", object("a"));
    write("d/notes.txt", "nothing");
    write("d/sub/c.yaml", object("c"));
    String name = folder.resolve("d").toString();
    assertThat(names(false, name)).containsExactly("a", "b");
    assertThat(names(true, name)).containsExactly("a", "b", "c");
  }

  @Test
  void readsStandardInput() {
    assertThat(names(false, "-")).containsExactly("stdin");
  }

  @Test
  void tellsTheLineOfMalformedYaml() throws IOException {
    Path file =
        write("bad.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n   labels: y\n");
    assertThatThrownBy(() -> names(false, file.toString()))
        .hasMessage(
            "error: error parsing "
                + file
                + ": error converting YAML to JSON: yaml: line 5: mapping values are not allowed in"
                + " this context");
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> names(false, "nope.yaml"))
        .hasMessage("error: the path \"nope.yaml\" does not exist");
  }

  @Test
  void wantsAKindAndAnApiVersion() throws IOException {
    Path kindless = write("k.yaml", "apiVersion: v1\nmetadata: {name: x}\n");
    assertThatThrownBy(() -> names(false, kindless.toString()))
        .hasMessageContaining("kind not set");
    Path versionless = write("v.yaml", "kind: Pod\nmetadata: {name: x}\n");
    assertThatThrownBy(() -> names(false, versionless.toString()))
        .hasMessageContaining("apiVersion not set");
  }
}
