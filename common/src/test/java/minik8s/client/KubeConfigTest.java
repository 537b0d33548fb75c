package minik8s.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeConfigTest {
  @TempDir Path folder;

  @Test
  void readsServerAndTokenOfCurrentContext() throws IOException {
    KubeConfig config =
        KubeConfig.read(
            write(
                """
                current-context: b
                contexts:
                - {name: a, context: {cluster: one, user: one}}
                - {name: b, context: {cluster: two, user: two}}
                clusters:
                - {name: two, cluster: {server: "https://127.0.0.1:6443"}}
                users:
                - {name: two, user: {token: secret}}
                """));
    assertThat(config.server()).hasToString("https://127.0.0.1:6443");
    assertThat(config.token().get()).isEqualTo("secret");
  }

  @Test
  void followsATokenFileAndKeepsItsLastWordWhileItIsAway() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "first\n");
    KubeConfig config =
        KubeConfig.read(
            write(
                """
                current-context: a
                contexts: [{name: a, context: {cluster: one, user: one}}]
                clusters: [{name: one, cluster: {server: "https://x"}}]
                users: [{name: one, user: {tokenFile: token}}]
                """));
    assertThat(config.token().get()).isEqualTo("first");
    Files.writeString(token, "second");
    assertThat(config.token().get()).isEqualTo("second");
    Files.delete(token);
    assertThat(config.token().get()).isEqualTo("second");
  }

  @Test
  void namesFileAndCauseWhenSomethingIsWrong() throws IOException {
    assertThatThrownBy(() -> KubeConfig.read(folder.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none");
    Path contextless = write("current-context: x\n");
    assertThatThrownBy(() -> KubeConfig.read(contextless))
        .hasMessageContaining("names no server for its current context \"x\"");
    Path broken = write("a: [1\nb: 2");
    assertThatThrownBy(() -> KubeConfig.read(broken)).hasMessageContaining("is no YAML");
  }

  @Test
  void refusesCertificateThatIsNone() throws IOException {
    Files.writeString(folder.resolve("ca.crt"), "nothing");
    Path file =
        write(
            """
            current-context: a
            contexts: [{name: a, context: {cluster: one, user: one}}]
            clusters: [{name: one, cluster: {server: "https://x", certificate-authority: ca.crt}}]
            """);
    assertThatThrownBy(() -> KubeConfig.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("certificate");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("config"), text);
  }
}
