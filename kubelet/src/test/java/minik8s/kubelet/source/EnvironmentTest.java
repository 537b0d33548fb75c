package minik8s.kubelet.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import minik8s.api.ConfigMap;
import minik8s.api.Container;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.api.Resources;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.testing.FakeApi;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private final FakeApi api = new FakeApi();
  private final Informer<Service> services =
      new Informer<>(Resources.SERVICES, ListOptions.ALL, java.util.List.of());
  private final References references = new ApiReferences(api, services.lister());

  private Map<String, String> env(String container) {
    Pod pod =
        Json.read(
            """
            {"metadata":{"name":"web","namespace":"shop","uid":"u1","labels":{"app":"web"}},
             "spec":{"nodeName":"n1","containers":[%s]}}\
            """
                .formatted(container),
            Pod.class);
    Container first = pod.spec().containers().getFirst();
    PodFields fields =
        new PodFields(pod, "192.0.2.1", "10.0.0.9", Map.of("cpu", new Quantity("4")));
    return Environment.of(first, fields, references);
  }

  @Test
  void expandsWhatCameBefore() {
    assertThat(
            env(
                """
                {"name":"c","env":[{"name":"A","value":"1"},{"name":"B","value":"$(A)-$$(A)-$(NO)"},
                 {"name":"C","value":"$(B)"}]}\
                """))
        .containsEntry("B", "1-$(A)-$(NO)")
        .containsEntry("C", "1-$(A)-$(NO)");
  }

  @Test
  void readsThePodsOwnFields() {
    assertThat(
            env(
                """
                {"name":"c","resources":{"limits":{"memory":"64Mi"},"requests":{"cpu":"250m"}},"env":[
                 {"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
                 {"name":"APP","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['app']"}}},
                 {"name":"MEM","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}},
                 {"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}},
                 {"name":"REQ","valueFrom":{"resourceFieldRef":{"resource":"requests.cpu"}}}]}\
                """))
        .containsEntry("IP", "10.0.0.9")
        .containsEntry("APP", "web")
        .containsEntry("MEM", "64")
        .containsEntry("CPU", "4")
        .containsEntry("REQ", "1");
  }

  @Test
  void readsConfigMapsAndSecrets() {
    api.create(
        Resources.CONFIG_MAPS,
        "shop",
        Json.parse("{\"metadata\":{\"name\":\"cfg\"},\"data\":{\"a\":\"1\",\"b\":\"2\"}}"));
    api.create(
        Resources.SECRETS,
        "shop",
        Json.parse("{\"metadata\":{\"name\":\"sec\"},\"data\":{\"pw\":\"czNjcmV0\"}}"));
    assertThat(
            env(
                """
                {"name":"c","envFrom":[{"prefix":"P_","configMapRef":{"name":"cfg"}},
                  {"secretRef":{"name":"sec"}},{"configMapRef":{"name":"no","optional":true}}],
                 "env":[{"name":"X","valueFrom":{"configMapKeyRef":{"name":"cfg","key":"a"}}},
                 {"name":"Y","valueFrom":{"secretKeyRef":{"name":"sec","key":"pw"}}},
                 {"name":"Z","valueFrom":{"secretKeyRef":{"name":"sec","key":"no","optional":true}}}]}\
                """))
        .containsEntry("P_a", "1")
        .containsEntry("pw", "s3cret")
        .containsEntry("X", "1")
        .containsEntry("Y", "s3cret")
        .doesNotContainKey("Z");
    assertThat(api.find(Resources.CONFIG_MAPS, new ObjectKey("shop", "cfg")).map(ConfigMap::data))
        .isPresent();
  }

  @Test
  void namesWhatIsMissing() {
    assertThatThrownBy(() ->
            env(
                """
                {"name":"c","env":[{"name":"X","valueFrom":{"configMapKeyRef":{"name":"no","key":"a"}}}]}\
                """))
        .isInstanceOf(SourceFailure.class)
        .hasMessage("configmap \"no\" not found");
    api.create(
        Resources.SECRETS, "shop", Json.parse("{\"metadata\":{\"name\":\"sec\"},\"data\":{}}"));
    assertThatThrownBy(() ->
            env(
                """
                {"name":"c","env":[{"name":"X","valueFrom":{"secretKeyRef":{"name":"sec","key":"a"}}}]}\
                """))
        .hasMessage("couldn't find key a in Secret shop/sec");
  }

  @Test
  void tellsOfServicesInTheNamespaceAndOfTheApiServer() {
    for (String[] service :
        new String[][] {
          {"shop", "my-db", "10.96.0.7"},
          {"default", "kubernetes", "10.96.0.1"},
          {"other", "hidden", "10.96.0.8"},
          {"shop", "headless", "None"}
        }) {
      api.create(
          Resources.SERVICES,
          service[0],
          Json.parse(
              "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"clusterIP\":\"%s\",\"ports\":[{\"name\":\"sql\",\"port\":5432}]}}"
                  .formatted(service[1], service[2])));
    }
    services.replace(api.list(Resources.SERVICES, ListOptions.ALL));
    assertThat(env("{\"name\":\"c\"}"))
        .containsEntry("MY_DB_SERVICE_HOST", "10.96.0.7")
        .containsEntry("MY_DB_SERVICE_PORT_SQL", "5432")
        .containsEntry("MY_DB_PORT_5432_TCP_ADDR", "10.96.0.7")
        .containsEntry("KUBERNETES_SERVICE_HOST", "10.96.0.1")
        .doesNotContainKeys("HIDDEN_SERVICE_HOST", "HEADLESS_SERVICE_HOST");
  }
}
