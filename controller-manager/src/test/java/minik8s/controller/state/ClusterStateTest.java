package minik8s.controller.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.Deployment;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;

class ClusterStateTest {
  private static final Node NODE =
      Json.read(
          Json.parse(
              """
              {"metadata": {"name": "node-1"},
               "status": {"capacity": {"cpu": "2", "memory": "1Ki", "nvidia.com/gpu": "1"},
                          "conditions": [{"type": "Ready", "status": "True"}]}}
              """),
          Node.class);
  private static final Pod POD =
      Json.read(
          Json.parse(
              """
              {"metadata": {"name": "web", "namespace": "default", "uid": "u"},
               "spec": {"nodeName": "node-1", "containers": [
                 {"name": "c", "resources": {"requests": {"cpu": "250m"}}}]},
               "status": {"phase": "Pending",
                 "conditions": [
                   {"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                    "message": "0/1 nodes are available"}],
                 "containerStatuses": [
                   {"name": "c", "restartCount": 3, "ready": false,
                    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "secret"}},
                    "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}}
              """),
          Pod.class);
  private static final Deployment DEPLOYMENT =
      Json.read(
          Json.parse(
              """
              {"metadata": {"name": "web", "namespace": "default"},
               "spec": {"replicas": 3, "selector": {}, "template": {}},
               "status": {"replicas": 2, "availableReplicas": 1}}
              """),
          Deployment.class);

  private final String page = ClusterState.render(List.of(NODE), List.of(POD), List.of(DEPLOYMENT));

  @Test
  void showsNodesWithTheirConditionsAndResources() {
    assertThat(page)
        .contains(
            "kube_node_status_condition{node=\"node-1\",condition=\"Ready\",status=\"true\"} 1\n")
        .contains(
            "kube_node_status_condition{node=\"node-1\",condition=\"Ready\",status=\"false\"} 0\n")
        .contains(
            "kube_node_status_capacity{node=\"node-1\",resource=\"memory\",unit=\"byte\"} 1024\n")
        .contains("resource=\"nvidia_com_gpu\",unit=\"integer\"} 1\n");
  }

  @Test
  void showsPodsInOnePhaseOfAll() {
    assertThat(page)
        .contains(
            "kube_pod_status_phase{namespace=\"default\",pod=\"web\",uid=\"u\",phase=\"Pending\"} 1\n")
        .contains(
            "kube_pod_status_phase{namespace=\"default\",pod=\"web\",uid=\"u\",phase=\"Running\"} 0\n")
        .contains("kube_pod_status_unschedulable{namespace=\"default\",pod=\"web\",uid=\"u\"} 1\n");
  }

  @Test
  void saysWhyContainersWaitAndHowTheyEnded() {
    assertThat(page)
        .contains("container=\"c\",reason=\"CrashLoopBackOff\"} 1\n")
        .contains("container=\"c\",reason=\"Error\"} 1\n")
        .containsPattern("kube_pod_container_status_restarts_total\\{.*container=\"c\"} 3\n");
  }

  @Test
  void countsRequestsInUnits() {
    assertThat(page)
        .containsPattern("kube_pod_container_resource_requests\\{.*unit=\"core\"} 0.25\n");
  }

  @Test
  void comparesDeploymentsWithWhatTheyShallBe() {
    assertThat(page)
        .contains("kube_deployment_spec_replicas{namespace=\"default\",deployment=\"web\"} 3\n")
        .contains(
            "kube_deployment_status_replicas_available{namespace=\"default\",deployment=\"web\"} 1\n");
  }

  @Test
  void putsNoMessageIntoALabel() {
    assertThat(page).doesNotContain("secret").doesNotContain("nodes are available");
  }
}
