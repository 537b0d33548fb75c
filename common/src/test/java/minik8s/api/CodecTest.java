package minik8s.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class CodecTest {
  @Test
  void readsPodWithAbsentPartsAndUnknownFields() {
    Pod pod =
        Json.read(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"default","new":1},
             "spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":1}},
               "ports":[{"containerPort":80}],"env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}]}],
               "volumes":[{"name":"v","emptyDir":{}}]}}
            """,
            Pod.class);
    assertThat(pod.key()).isEqualTo(new ObjectKey("default", "web"));
    assertThat(pod.spec().restartPolicy()).isEqualTo("Always");
    assertThat(pod.spec().containers().getFirst().ports().getFirst().protocol()).isEqualTo("TCP");
    assertThat(pod.spec().containers().getFirst().resources().limits().get("cpu"))
        .isEqualTo(new Quantity("1"));
    assertThat(pod.spec().volumes().getFirst().emptyDir()).isNotNull();
    assertThat(pod.status().phase()).isEmpty();
  }

  @Test
  void writesContainerStateInWrapperShapeAndReadsItBack() {
    ContainerState state = new ContainerState.Running(Instant.parse("2026-01-02T03:04:05.678Z"));
    String json = Json.string(state);
    assertThat(json).isEqualTo("{\"running\":{\"startedAt\":\"2026-01-02T03:04:05Z\"}}");
    assertThat(Json.read(json, ContainerState.class))
        .isEqualTo(new ContainerState.Running(Instant.parse("2026-01-02T03:04:05Z")));
    assertThat(Json.read("{}", ContainerState.class)).isEqualTo(new ContainerState.Waiting("", ""));
  }

  @Test
  void keepsTemplateOfReplicaSetWhole() {
    ReplicaSet set =
        Json.read(
            """
            {"metadata":{"name":"rs"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},
             "template":{"spec":{"containers":[],"unheardOf":{"x":[]}}}}}
            """,
            ReplicaSet.class);
    assertThat(set.spec().wanted()).isZero();
    assertThat(set.spec().template().node().path("spec").path("unheardOf").has("x")).isTrue();
  }

  @Test
  void writesZeroesButNoEmptyThings() {
    String json = Json.string(new ReplicaSet.Status(0, 0, 0, 0, null, 3, List.of()));
    assertThat(json).contains("\"replicas\":0").doesNotContain("conditions");
    assertThat(Json.string(ObjectMeta.of("", "n", Map.of()))).contains("\"name\":\"n\"");
    assertThat(Json.string(ObjectMeta.of("", "n", Map.of()))).doesNotContain("namespace");
  }

  @Test
  void readsIntOrStringAndScalesPercent() {
    IntOrString percent = Json.read("\"25%\"", IntOrString.class);
    assertThat(percent.scaled(10, true)).isEqualTo(3);
    assertThat(percent.scaled(10, false)).isEqualTo(2);
    assertThat(Json.read("4", IntOrString.class).scaled(10, true)).isEqualTo(4);
  }

  @Test
  void computesQuantities() {
    assertThat(new Quantity("250m").milliValue()).isEqualTo(250);
    assertThat(new Quantity("1.5").milliValue()).isEqualTo(1500);
    assertThat(new Quantity("64Mi").value()).isEqualTo(64L << 20);
    assertThat(new Quantity("1e3").value()).isEqualTo(1000);
    assertThat(new Quantity("2E").value()).isEqualTo(2_000_000_000_000_000_000L);
    assertThatThrownBy(() -> new Quantity("1x").amount())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsSeveralYamlDocumentsAndSkipsEmptyOnes() {
    List<JsonNode> documents = Yaml.documents("a: 1\n---\n---\nb: two\n");
    assertThat(documents).hasSize(2);
    assertThat(documents.get(1).path("b").asString()).isEqualTo("two");
    assertThatThrownBy(() -> Yaml.documents("a: [1\nb: 2")).isInstanceOf(JacksonException.class);
  }

  @Test
  void rendersFailureAsStatusAndReadsItBack() {
    Failure failure =
        Failure.invalid(
            "apps",
            "Deployment",
            "x",
            List.of(new Failure.Cause("FieldValueRequired", "Required value", "spec.selector")));
    assertThat(failure.message())
        .isEqualTo("Deployment.apps \"x\" is invalid: spec.selector: Required value");
    assertThat(Failure.ofStatus(failure.status(), 422)).isEqualTo(failure);
  }

  @Test
  void keepsTransitionTimeWhileStatusStays() {
    Instant t0 = Instant.parse("2026-01-01T00:00:00Z");
    List<Condition> first = Condition.set(List.of(), Condition.of("Ready", true, "R", "", t0));
    List<Condition> second =
        Condition.set(first, Condition.of("Ready", true, "R", "", t0.plusSeconds(9)));
    assertThat(second).isEqualTo(first);
    assertThat(
            Condition.set(first, Condition.of("Ready", false, "R", "", t0.plusSeconds(9)))
                .getFirst()
                .lastTransitionTime())
        .isEqualTo(t0.plusSeconds(9));
  }
}
