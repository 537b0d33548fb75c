package minik8s.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ConversionsTest {
  private static final String VERSION_2 =
      """
      {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"a"},
       "spec":{"maxReplicas":5,
        "metrics":[
         {"type":"Resource","resource":{"name":"cpu",
           "target":{"type":"Utilization","averageUtilization":70}}},
         {"type":"Resource","resource":{"name":"memory",
           "target":{"type":"AverageValue","averageValue":"1Gi"}}},
         {"type":"Pods","pods":{"metric":{"name":"hits"},
           "target":{"type":"AverageValue","averageValue":"10"}}},
         {"type":"Object","object":{"describedObject":{"kind":"Ingress","name":"i"},
           "metric":{"name":"rps"},"target":{"type":"Value","value":"2k"}}}],
        "behavior":{"scaleDown":{"selectPolicy":"Max"}}},
       "status":{"currentReplicas":2,"desiredReplicas":2,
        "currentMetrics":[{"type":"Resource","resource":{"name":"cpu",
          "current":{"averageUtilization":35}}}],
        "conditions":[{"type":"AbleToScale","status":"True"}]}}
      """;

  private final KindTable table = new KindTable();
  private final Kind version1 =
      table.find("autoscaling", "v1", "horizontalpodautoscalers").orElseThrow();

  private static ObjectNode doc(String json) {
    return (ObjectNode) Json.parse(json);
  }

  @Test
  void showsTheCpuTargetOfAnAutoscalerInVersion1() {
    ObjectNode doc = doc(VERSION_2);

    Conversions.fromStorage(version1, doc);

    assertThat(doc.path("apiVersion").asString()).isEqualTo("autoscaling/v1");
    assertThat(doc.path("spec").path("targetCPUUtilizationPercentage").asInt()).isEqualTo(70);
    assertThat(doc.path("spec").has("metrics")).isFalse();
    assertThat(doc.path("status").path("currentCPUUtilizationPercentage").asInt()).isEqualTo(35);
    assertThat(
            Json.parse(
                doc.path("metadata")
                    .path("annotations")
                    .path("autoscaling.alpha.kubernetes.io/metrics")
                    .asString("")))
        .isEqualTo(
            Json.parse(
                """
                [{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}},
                 {"type":"Pods","pods":{"metricName":"hits","targetAverageValue":"10"}},
                 {"type":"Object","object":{"target":{"kind":"Ingress","name":"i"},
                   "metricName":"rps","targetValue":"2k"}}]
                """));
  }

  @Test
  void losesNothingOfAnAutoscalerOnTheWayThroughVersion1() {
    ObjectNode doc = doc(VERSION_2);

    Conversions.fromStorage(version1, doc);
    Conversions.toStorage(version1, doc);

    assertThat(doc).isEqualTo(doc(VERSION_2));
  }

  @Test
  void renamesTheFieldsOfEventsBothWays() {
    Kind events = table.find("events.k8s.io", "v1", "events").orElseThrow();
    String modern =
        """
        {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e"},
         "note":"hello","regarding":{"kind":"Pod","name":"p"},"reportingController":"c",
         "deprecatedCount":3,"type":"Normal"}
        """;
    ObjectNode doc = doc(modern);

    Conversions.toStorage(events, doc);

    assertThat(doc)
        .isEqualTo(
            doc(
                """
                {"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},
                 "message":"hello","involvedObject":{"kind":"Pod","name":"p"},
                 "reportingComponent":"c","count":3,"type":"Normal"}
                """));
    Conversions.fromStorage(events, doc);
    assertThat(doc).isEqualTo(doc(modern));
  }

  @Test
  void readsAndWritesTheScaleOfADeployment() {
    ObjectNode deployment =
        doc(
            """
            {"metadata":{"name":"d","namespace":"n","uid":"u","resourceVersion":"7",
              "labels":{"x":"y"}},
             "spec":{"replicas":3,"selector":{"matchLabels":{"app":"d"},
               "matchExpressions":[{"key":"tier","operator":"In","values":["b","a"]}]}},
             "status":{"replicas":2}}
            """);

    ObjectNode scale = Scales.of(ScalePaths.WORKLOAD, deployment);

    assertThat(scale)
        .isEqualTo(
            doc(
                """
                {"kind":"Scale","apiVersion":"autoscaling/v1",
                 "metadata":{"name":"d","namespace":"n","uid":"u","resourceVersion":"7"},
                 "spec":{"replicas":3},
                 "status":{"replicas":2,"selector":"app=d,tier in (a,b)"}}
                """));
    Scales.apply(ScalePaths.WORKLOAD, deployment, doc("{\"spec\":{\"replicas\":9}}"));
    assertThat(deployment.path("spec").path("replicas").asInt()).isEqualTo(9);
  }
}
