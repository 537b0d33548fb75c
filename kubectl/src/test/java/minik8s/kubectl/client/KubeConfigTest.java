package minik8s.kubectl.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeConfigTest {
  @TempDir Path folder = Path.of("");

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(folder.resolve(name).resolveSibling(""));
    return Files.writeString(file, text);
  }

  private static EndpointReader reader(KubeConfig config, String context, String server) {
    EndpointReader.Overrides flags =
        new EndpointReader.Overrides(
            context, "", "", server, "", "", "", "", "", false, 0, "", List.of());
    return new EndpointReader(config, flags, Map.of());
  }

  private static final String ONE =
      """
      current-context: c1
      clusters: [{name: a, cluster: {server: "https://one:1"}}]
      contexts: [{name: c1, context: {cluster: a, user: u, namespace: n1}}]
      users: [{name: u, user: {token: t1}}]
      """;

  private static final String TWO =
      """
      current-context: c2
      clusters: [{name: a, cluster: {server: "https://two:2"}}, {name: b, cluster: {server: "https://b:3"}}]
      contexts: [{name: c2, context: {cluster: b, user: v}}]
      users: [{name: v, user: {tokenFile: tok}}]
      """;

  @Test
  void theFirstFileWins() throws IOException {
    KubeConfig config = KubeConfig.load(List.of(file("1", ONE), file("2", TWO)), false);
    assertThat(config.currentContext()).isEqualTo("c1");
    assertThat(Tree.text(config.entry("clusters", "a"), "server")).isEqualTo("https://one:1");
    Endpoint endpoint = reader(config, "", "").read();
    assertThat(endpoint.server()).hasToString("https://one:1");
    assertThat(endpoint.authorization()).isEqualTo("Bearer t1");
    assertThat(reader(config, "", "").namespace()).isEqualTo("n1");
  }

  @Test
  void aContextReachesIntoTheOtherFileAndItsFolder() throws IOException {
    file("sub/tok", "from-file\n");
    KubeConfig config = KubeConfig.load(List.of(file("1", ONE), file("sub/2", TWO)), false);
    Endpoint endpoint = reader(config, "c2", "").read();
    assertThat(endpoint.server()).hasToString("https://b:3");
    assertThat(endpoint.authorization()).isEqualTo("Bearer from-file");
  }

  @Test
  void flagsWinOverFiles() throws IOException {
    KubeConfig config = KubeConfig.load(List.of(file("1", ONE)), false);
    assertThat(reader(config, "", "http://x:9").read().server()).hasToString("http://x:9");
  }

  @Test
  void absentFilesAreNothingUnlessDemanded() {
    Path none = folder.resolve("none");
    assertThat(reader(KubeConfig.load(List.of(none), false), "", "").read().server())
        .hasToString("http://localhost:8080");
    assertThatThrownBy(() -> KubeConfig.load(List.of(none), true))
        .hasMessageContaining("no such file or directory");
  }

  @Test
  void aMissingContextIsNamed() throws IOException {
    KubeConfig config = KubeConfig.load(List.of(file("1", ONE)), false);
    assertThatThrownBy(() -> reader(config, "zzz", "").read())
        .hasMessage("Error in configuration: context was not found for specified context: zzz");
  }

  @Test
  void brokenYamlIsToldWithItsLine() throws IOException {
    Path file = file("bad", "a: 1\nb: c: d\n");
    assertThatThrownBy(() -> KubeConfig.load(List.of(file), false))
        .hasMessageContaining("yaml: line 2: mapping values are not allowed in this context");
  }

  @Test
  void runsACredentialPlugin() throws IOException {
    Path script =
        file(
            "plugin",
            "#!/bin/sh\necho '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"'$WHO'\"}}'\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    KubeConfig config =
        KubeConfig.load(
            List.of(
                file(
                    "1",
                    ONE.replace(
                        "{token: t1}",
                        "{exec: {command: ./plugin, env: [{name: WHO, value: me}]}}"))),
            false);
    assertThat(reader(config, "", "").read().authorization()).isEqualTo("Bearer me");
  }
}
