package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The manifests of docs/examples do what their first lines say. */
@OneByOne
class ExamplesIT {
  private final TestCluster cluster = TestCluster.shared();

  @Test
  void runsTheTutorialDeploymentAndUpdatesIt() {
    Client kubectl = Namespaces.fresh(new Clients(cluster).ours(), "tutorial");
    kubectl.apply(TestCluster.example("nginx-deployment.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/nginx-deployment", "--timeout=200s").ok();
    kubectl.run("delete", "-f", TestCluster.example("nginx-deployment.yaml").toString()).ok();
  }

  @Test
  void opensTheShop() {
    Client kubectl = new Clients(cluster).ours().in("shop");
    kubectl.apply(TestCluster.example("shop.yaml")).ok();
    kubectl.run("rollout", "status", "deployment/front", "--timeout=200s").ok();
    String pod = kubectl.field("pods", "{.items[0].metadata.name}");
    assertThat(kubectl.run("exec", pod, "--", "wget", "-qO-", "localhost").ok().out())
        .contains("The shop is open.");
    kubectl.run("delete", "-f", TestCluster.example("shop.yaml").toString()).ok();
  }

  @Test
  void servesItsVersionAndMetrics() {
    Client kubectl = new Clients(cluster).ours();
    assertThat(kubectl.run("version").ok().out()).contains("Server Version");
    assertThat(kubectl.run("api-resources").ok().out()).contains("deployments", "configmaps");
    assertThat(kubectl.run("explain", "deployment.spec.replicas").ok().out()).contains("replicas");
    assertThat(kubectl.run("get", "nodes", "-o", "wide").ok().out())
        .contains("Ready")
        .contains("docker://");
  }
}
