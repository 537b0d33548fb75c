package minik8s.controller.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.controller.state.ScrapeTargets.Backends;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ScrapeTargetsTest {
  private static final Pod POD =
      Json.read(
          Json.parse(
              """
              {"metadata": {"name": "web-1", "namespace": "shop", "uid": "u",
                 "labels": {"app": "web"}, "annotations": {"prometheus.io/scrape": "true"},
                 "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "controller": true}]},
               "spec": {"nodeName": "node-1", "containers": [
                 {"name": "c", "ports": [{"name": "http", "containerPort": 80}]},
                 {"name": "portless"}]},
               "status": {"phase": "Running", "podIP": "10.0.0.7"}}
              """),
          Pod.class);
  private static final Service SERVICE =
      Json.read(
          Json.parse(
              """
              {"metadata": {"name": "web", "namespace": "shop",
                 "annotations": {"monitoring.minik8s.io/address": "127.0.0.1:1"}},
               "spec": {"clusterIP": "None", "ports": [{"name": "m", "port": 9}]}}
              """),
          Service.class);

  private static String label(JsonNode group, String name) {
    return group.path("labels").path("__meta_kubernetes_" + name).asString("");
  }

  private static String target(JsonNode group) {
    return group.path("targets").get(0).asString();
  }

  @Test
  void namesAPodsPortsWithItsAnnotations() {
    JsonNode groups = Json.parse(ScrapeTargets.pods(List.of(POD)));

    assertThat(groups).hasSize(2);
    assertThat(target(groups.get(0))).isEqualTo("10.0.0.7:80");
    assertThat(target(groups.get(1))).isEqualTo("10.0.0.7");
    assertThat(label(groups.get(0), "pod_annotation_prometheus_io_scrape")).isEqualTo("true");
    assertThat(label(groups.get(0), "pod_label_app")).isEqualTo("web");
    assertThat(label(groups.get(0), "pod_controller_kind")).isEqualTo("ReplicaSet");
    assertThat(label(groups.get(0), "pod_container_port_name")).isEqualTo("http");
  }

  @Test
  void leavesOutPodsWithoutAnAddress() {
    Pod pending =
        Json.read(Json.parse("{\"metadata\": {\"name\": \"p\", \"namespace\": \"n\"}}"), Pod.class);

    assertThat(Json.parse(ScrapeTargets.pods(List.of(pending)))).isEmpty();
  }

  @Test
  void findsKubeletsWhereNodesSayTheyListen() {
    Node node =
        Json.read(
            Json.parse(
                """
                {"metadata": {"name": "node-1"},
                 "status": {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}}}
                """),
            Node.class);
    JsonNode group = Json.parse(ScrapeTargets.nodes(List.of(node))).get(0);

    assertThat(target(group)).isEqualTo("127.0.0.1:10250");
    assertThat(label(group, "node_name")).isEqualTo("node-1");
    assertThat(group.path("labels").path("instance").asString()).isEqualTo("node-1");
  }

  @Test
  void showsServicesWithTheirAnnotations() {
    JsonNode group = Json.parse(ScrapeTargets.services(List.of(SERVICE))).get(0);

    assertThat(target(group)).isEqualTo("web.shop.svc:9");
    assertThat(label(group, "service_annotation_monitoring_minik8s_io_address"))
        .isEqualTo("127.0.0.1:1");
    assertThat(label(group, "namespace")).isEqualTo("shop");
  }

  @Test
  void joinsEndpointsWithTheirServiceAndPod() {
    Backends backends =
        new Backends(
            SERVICE.metadata(),
            Json.parse(
                """
                [{"ports": [{"name": "m", "port": 9, "protocol": "TCP"}],
                  "addresses": [{"ip": "10.0.0.7", "targetRef": {"kind": "Pod", "name": "web-1"}}],
                  "notReadyAddresses": [{"ip": "10.0.0.8"}]}]
                """));
    JsonNode groups =
        Json.parse(ScrapeTargets.endpoints(List.of(backends), List.of(SERVICE), List.of(POD)));

    assertThat(groups).hasSize(2);
    assertThat(target(groups.get(0))).isEqualTo("10.0.0.7:9");
    assertThat(label(groups.get(0), "endpoint_ready")).isEqualTo("true");
    assertThat(label(groups.get(0), "pod_node_name")).isEqualTo("node-1");
    assertThat(label(groups.get(0), "service_name")).isEqualTo("web");
    assertThat(label(groups.get(1), "endpoint_ready")).isEqualTo("false");
  }
}
