package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes in manifests: each gets one paragraph that names the place, and a non-zero exit code.
 */
@OneByOne
class BadInputIT {
  private static final TestCluster CLUSTER = TestCluster.shared();

  static Stream<Client> clients() {
    return new Clients(CLUSTER)
        .few().stream().map(client -> Namespaces.fresh(client, "bad-" + client.name()));
  }

  private static String refusal(Client kubectl, Path manifest) {
    Ran ran = kubectl.apply(manifest);
    assertThat(ran.exit()).as(ran.toString()).isNotZero();
    assertThat(ran.err())
        .as("no stack trace")
        .doesNotContain("\tat ")
        .doesNotContain("Exception in thread");
    assertThat(ran.err().strip().lines().count()).as("one paragraph: %s", ran).isBetween(1L, 8L);
    return ran.err();
  }

  private static Path bad(String name) {
    return TestCluster.example("bad/" + name + ".yaml");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void namesTheLineOfMalformedYaml(Client kubectl) {
    assertThat(refusal(kubectl, bad("malformed"))).containsPattern("line [678]");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void namesAnUnknownKind(Client kubectl) {
    assertThat(refusal(kubectl, bad("unknown-kind"))).contains("Deploymint");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void namesAnUnknownField(Client kubectl) {
    assertThat(refusal(kubectl, bad("unknown-field"))).contains("replica");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void namesTheFieldOfAWrongType(Client kubectl) {
    assertThat(refusal(kubectl, bad("wrong-type"))).containsIgnoringCase("replicas");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void refusesToChangeASelector(Client kubectl) {
    kubectl.apply(TestCluster.example("deployment.yaml")).ok();
    assertThat(refusal(kubectl, bad("immutable-field")))
        .contains("spec.selector")
        .contains("field is immutable");
    kubectl.run("delete", "deployment", "web").ok();
  }

  @ParameterizedTest
  @MethodSource("clients")
  void explainsWhatANameMayHold(Client kubectl) {
    assertThat(refusal(kubectl, bad("bad-name")))
        .contains("Bad_Name")
        .contains("lower case alphanumeric");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void refusesAContainerWithoutImage(Client kubectl) {
    assertThat(refusal(kubectl, bad("missing-image")))
        .contains("spec.containers[0].image")
        .contains("Required value");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void refusesAnOversizeObject(Client kubectl, @TempDir Path folder) throws IOException {
    Path manifest = folder.resolve("oversize.yaml");
    String head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: oversize\ndata:\n  blob: ";
    Files.writeString(manifest, head + "x".repeat(3 << 20) + "\n");
    Ran ran = kubectl.run("create", "-f", manifest.toString());
    assertThat(ran.exit()).isNotZero();
    assertThat(ran.err())
        .hasSizeLessThan(2000)
        .containsPattern("(?i)too (large|long)|1048576|limit");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void saysWhyAnImageDoesNotCome(Client kubectl) {
    kubectl.apply(bad("image-not-found")).ok();
    Patience.until(
        "ImagePullBackOff",
        () -> kubectl.run("get", "pod", "image-not-found").ok().out().contains("ImagePullBackOff"));
    assertThat(kubectl.run("describe", "pod", "image-not-found").ok().out())
        .contains("Failed to pull image \"minik8s/no-such-image:1\"");
    kubectl.run("delete", "pod", "image-not-found").ok();
  }

  @Test
  void namesAnUnknownCommandOfTheLauncher() {
    Ran ran = CLUSTER.minik8s("upp");
    assertThat(ran.exits(1).err()).contains("\"upp\" is not a command");
  }
}
