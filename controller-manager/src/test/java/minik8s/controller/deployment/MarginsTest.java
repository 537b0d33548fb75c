package minik8s.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import minik8s.api.Deployment;
import minik8s.api.codec.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class MarginsTest {
  @ParameterizedTest(name = "{0} replicas, surge {1}, unavailable {2}")
  @CsvSource({
    // replicas, maxSurge, maxUnavailable, surge, unavailable
    "10, 25%, 25%, 3, 2",
    "1, 25%, 25%, 1, 0",
    "4, 25%, 25%, 1, 1",
    "3, 1, 0, 1, 0",
    "3, 0, 1, 0, 1",
    "3, 0, 0, 0, 1",
    "10, 0%, 5%, 0, 1",
    "2, 0, 5, 0, 2",
    "10, 100%, 0, 10, 0",
    "0, 25%, 25%, 0, 0",
    "7, 30%, 30%, 3, 2",
  })
  void roundsAsKubernetesDoes(
      int replicas, String maxSurge, String maxUnavailable, int surge, int unavailable) {
    ObjectNode spec = Json.object().put("replicas", replicas);
    ObjectNode rolling =
        spec.putObject("strategy").put("type", "RollingUpdate").putObject("rollingUpdate");
    put(rolling, "maxSurge", maxSurge);
    put(rolling, "maxUnavailable", maxUnavailable);
    assertThat(Margins.of(Json.read(spec, Deployment.Spec.class)))
        .isEqualTo(new Margins(surge, unavailable));
  }

  private static void put(ObjectNode node, String field, String value) {
    if (value.endsWith("%")) {
      node.put(field, value);
    } else {
      node.put(field, Integer.parseInt(value));
    }
  }
}
