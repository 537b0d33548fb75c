package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What a user does in the first hour, done with every kubectl of this machine. Each step builds on
 * the one before.
 */
@OneByOne
class ClientMatrixIT {
  private final TestCluster cluster = TestCluster.shared();

  @TestFactory
  Stream<DynamicContainer> everyClientDoesEverything() {
    return new Clients(cluster)
        .all().stream().map(client -> dynamicContainer(client.name(), journey(client)));
  }

  private static Stream<DynamicNode> journey(Client client) {
    Client kubectl = client.in("matrix-" + client.name());
    return Stream.of(
        dynamicTest("makes a namespace", () -> Namespaces.fresh(client, "matrix-" + client.name())),
        dynamicTest("applies a Deployment", () -> appliesDeployment(kubectl)),
        dynamicTest("watches while it scales", () -> watchesWhileItScales(kubectl)),
        dynamicTest("rolls to a changed image", () -> rollsToChangedImage(kubectl)),
        dynamicTest("undoes the rollout", () -> undoesRollout(kubectl)),
        dynamicTest("describes", () -> describes(kubectl)),
        dynamicTest("labels and selects", () -> labelsAndSelects(kubectl)),
        dynamicTest("patches in three ways", () -> patches(kubectl)),
        dynamicTest("waits for a Pod and follows its log", () -> followsLog(kubectl)),
        dynamicTest("executes in a container", () -> executes(kubectl)),
        dynamicTest("hands a ConfigMap and a Secret to a Pod", () -> configures(kubectl)),
        dynamicTest("uses a kind of its own", () -> usesCustomKind(kubectl)),
        dynamicTest("deletes", () -> deletes(client, kubectl)));
  }

  private static void appliesDeployment(Client kubectl) {
    assertThat(kubectl.apply(TestCluster.example("deployment.yaml")).ok().out())
        .contains("web created");
    kubectl.run("rollout", "status", "deployment/web", "--timeout=200s").ok();
    assertThat(kubectl.apply(TestCluster.example("deployment.yaml")).ok().out())
        .contains("web unchanged");
    assertThat(kubectl.run("get", "deployment", "web").ok().out()).contains("3/3");
    assertThat(kubectl.run("get", "pods", "-o", "wide").ok().out())
        .contains("Running")
        .contains("node-1");
    assertThat(
            kubectl
                .run("get", "pods", "-o", "name")
                .ok()
                .out()
                .lines()
                .filter(line -> line.startsWith("pod/web-")))
        .hasSize(3);
  }

  private static void watchesWhileItScales(Client kubectl) {
    try (Running watch = kubectl.start("get", "deployment", "web", "-w")) {
      watch.awaitLine("the present state", line -> line.contains("3/3"));
      kubectl.run("scale", "deployment/web", "--replicas=4").ok();
      watch.awaitLine("the scaled state", line -> line.contains("4/4"));
    }
  }

  private static void rollsToChangedImage(Client kubectl) {
    assertThat(kubectl.apply(TestCluster.example("deployment-v2.yaml")).ok().out())
        .contains("web configured");
    assertThat(kubectl.run("rollout", "status", "deployment/web", "--timeout=200s").ok().out())
        .contains("successfully rolled out");
    assertThat(kubectl.field("pods", "{.items[*].spec.containers[0].image}"))
        .contains("minik8s/web:2");
    assertThat(kubectl.field("deployment/web", "{.status.updatedReplicas}")).isEqualTo("3");
  }

  private static void undoesRollout(Client kubectl) {
    assertThat(kubectl.run("rollout", "history", "deployment/web").ok().out()).contains("REVISION");
    kubectl.run("rollout", "undo", "deployment/web").ok();
    kubectl.run("rollout", "status", "deployment/web", "--timeout=200s").ok();
    assertThat(kubectl.field("deployment/web", "{.spec.template.spec.containers[0].image}"))
        .isEqualTo("minik8s/web:1");
  }

  private static void describes(Client kubectl) {
    assertThat(kubectl.run("describe", "deployment", "web").ok().out())
        .contains("RollingUpdate", "minik8s/web:1", "ScalingReplicaSet");
    Patience.until("the pods of the undone rollout to go", () -> webPods(kubectl).size() == 3);
    String pod = webPods(kubectl).getFirst();
    assertThat(kubectl.run("describe", "pod", pod).ok().out())
        .contains("Container ID", "docker://", "Scheduled");
  }

  private static List<String> webPods(Client kubectl) {
    Ran pods = kubectl.run("get", "pods", "-l", "app=web", "-o", "name");
    return pods.ok().out().lines().map(line -> line.replace("pod/", "")).toList();
  }

  private static void labelsAndSelects(Client kubectl) {
    assertThat(kubectl.run("label", "deployment", "web", "tier=front").ok().out())
        .contains("labeled");
    assertThat(kubectl.run("get", "deployments", "-l", "tier=front", "-o", "name").ok().out())
        .contains("deployment.apps/web");
    assertThat(kubectl.run("get", "deployments", "-l", "tier=back", "-o", "name").ok().out())
        .isBlank();
    kubectl.run("label", "deployment", "web", "tier-").ok();
  }

  private static void patches(Client kubectl) {
    String byName =
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}";
    kubectl.run("patch", "deployment", "web", "-p", byName).ok();
    assertThat(kubectl.field("deployment/web", "{.spec.template.spec.containers[0].image}"))
        .isEqualTo("minik8s/web:1");
    kubectl
        .run(
            "patch",
            "deployment",
            "web",
            "--type=merge",
            "-p",
            "{\"metadata\":{\"annotations\":{\"b\":\"2\"}}}")
        .ok();
    kubectl
        .run(
            "patch",
            "deployment",
            "web",
            "--type=json",
            "-p",
            "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":2}]")
        .ok();
    kubectl.run("rollout", "status", "deployment/web", "--timeout=200s").ok();
    assertThat(
            kubectl.field(
                "deployment/web",
                "{.spec.replicas} {.metadata.annotations.b} {.spec.template.spec.containers[0].env[0].value}"))
        .isEqualTo("2 2 1");
  }

  private static void followsLog(Client kubectl) {
    kubectl.apply(TestCluster.example("pod.yaml")).ok();
    kubectl.run("wait", "--for=condition=Ready", "pod/ticker", "--timeout=120s").ok();
    try (Running logs = kubectl.start("logs", "-f", "ticker")) {
      logs.awaitLine("a line written after the first", line -> line.equals("tick 3"));
    }
    assertThat(kubectl.run("logs", "ticker", "--tail=1").ok().out().lines()).hasSize(1);
  }

  private static void executes(Client kubectl) {
    Ran ran =
        kubectl.run(
            "exec", "ticker", "--", "sh", "-c", "echo to stdout; echo to stderr >&2; exit 3");
    assertThat(ran.exits(3).out()).isEqualTo("to stdout\n");
    assertThat(ran.err()).contains("to stderr");
    assertThat(kubectl.feed("through and back", "exec", "-i", "ticker", "--", "cat").ok().out())
        .isEqualTo("through and back");
  }

  private static void configures(Client kubectl) {
    kubectl.apply(TestCluster.example("configuration.yaml")).ok();
    kubectl.run("wait", "--for=condition=Ready", "pod/reader", "--timeout=120s").ok();
    Patience.until(
        "the pod's last line",
        () ->
            kubectl
                .run("logs", "reader")
                .ok()
                .out()
                .contains("secret file: correct horse battery staple"));
    assertThat(kubectl.run("logs", "reader").ok().out())
        .contains(
            "language: Esperanto",
            "password: correct horse",
            "node: node-1, pod: reader",
            "file: Saluton, mondo!");
    assertThat(kubectl.run("describe", "configmap", "greeting").ok().out()).contains("Saluton");
    assertThat(kubectl.run("describe", "secret", "key").ok().out())
        .contains("28 bytes")
        .doesNotContain("horse");
    kubectl
        .run(
            "patch",
            "configmap",
            "greeting",
            "--type=merge",
            "-p",
            "{\"data\":{\"LANGUAGE\":\"Ido\"}}")
        .ok();
    kubectl.run("label", "secret", "key", "kind=passphrase").ok();
    assertThat(kubectl.field("configmap/greeting", "{.data.LANGUAGE}")).isEqualTo("Ido");
    kubectl.run("delete", "configmap/greeting", "secret/key", "pod/reader").ok();
  }

  private static void usesCustomKind(Client kubectl) {
    kubectl.apply(TestCluster.example("crd.yaml")).ok();
    kubectl
        .run(
            "wait", "--for=condition=Established", "crd/cheeses.dairy.example.com", "--timeout=60s")
        .ok();
    Patience.until(
        "the new kind to be served",
        () -> kubectl.apply(TestCluster.example("custom-resource.yaml")).exit() == 0);
    assertThat(kubectl.run("get", "cheeses").ok().out()).contains("MILK", "sheep", "6");
    assertThat(kubectl.run("get", "chs", "manchego", "-o", "yaml").ok().out())
        .contains("kind: Cheese");
    kubectl
        .run("patch", "cheese", "manchego", "--type=merge", "-p", "{\"spec\":{\"months\":12}}")
        .ok();
    kubectl.run("label", "cheese", "manchego", "region=la-mancha").ok();
    assertThat(kubectl.run("describe", "cheese", "manchego").ok().out())
        .contains("12", "la-mancha");
    assertThat(kubectl.apply(TestCluster.example("bad/bad-custom-resource.yaml")).exit())
        .isNotZero();
    kubectl.run("delete", "cheese", "manchego").ok();
    kubectl.run("delete", "-f", TestCluster.example("crd.yaml").toString()).ok();
  }

  private static void deletes(Client client, Client kubectl) {
    assertThat(kubectl.run("delete", "pod", "ticker").ok().out())
        .contains("ticker")
        .contains("deleted");
    assertThat(kubectl.run("get", "pod", "ticker").exits(1).err()).contains("NotFound");
    kubectl.run("delete", "-f", TestCluster.example("deployment.yaml").toString()).ok();
    Patience.until(
        "the pods to follow their Deployment",
        () -> kubectl.run("get", "pods", "-o", "name").ok().out().isBlank());
    client.run("delete", "namespace", "matrix-" + client.name()).ok();
  }
}
