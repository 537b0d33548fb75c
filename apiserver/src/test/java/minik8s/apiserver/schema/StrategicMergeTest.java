package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Cases whose results a real API server gave. */
class StrategicMergeTest {
  private static final JsonNode DATA = data();
  private static final TypeSchema DEPLOYMENT =
      new Schemas().find(new Gvk("apps", "v1", "Deployment")).orElseThrow();

  private static JsonNode data() {
    try (var in = StrategicMergeTest.class.getResourceAsStream("/schema/strategic.json")) {
      assertThat(in).isNotNull();
      return Json.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> cases() {
    return DATA.get("cases").valueStream().map(c -> Arguments.of(c.get("title").asString(), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void mergesAsKubernetesDoes(String title, JsonNode given) {
    ObjectNode base = (ObjectNode) DATA.get("base");
    ObjectNode before = base.deepCopy();
    byte[] patch = Json.bytes(given.get("patch"));
    JsonNode error = given.get("error");
    if (error != null) {
      assertThatThrownBy(() -> apply(base, patch))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.failure().code()).isEqualTo(error.get(0).asInt());
                assertThat(e.failure().message()).isEqualTo(error.get(1).asString());
              });
    } else {
      ObjectNode after = apply(base, patch);
      check(given.path("after"), after);
      given
          .path("afterNames")
          .properties()
          .forEach(e -> {
            List<String> names =
                after
                    .at(e.getKey())
                    .valueStream()
                    .map(item -> item.get("name").asString())
                    .toList();
            assertThat(names)
                .isEqualTo(e.getValue().valueStream().map(JsonNode::asString).toList());
          });
    }
    assertThat(base).as("the stored document stays as it was").isEqualTo(before);
  }

  private static ObjectNode apply(ObjectNode base, byte[] patch) {
    return Patches.apply(PatchType.STRATEGIC, DEPLOYMENT, base, patch, FieldValidation.STRICT)
        .document();
  }

  private static void check(JsonNode expected, ObjectNode after) {
    expected
        .properties()
        .forEach(e -> {
          JsonNode found = after.at(e.getKey());
          if (e.getValue().isNull()) {
            assertThat(found.isMissingNode()).as(e.getKey()).isTrue();
          } else {
            assertThat(found).as(e.getKey()).isEqualTo(e.getValue());
          }
        });
  }

  @Test
  void wrongTypeIsNamedWithoutRepeatingTheWholeManifest() {
    byte[] patch =
        Json.bytes(
            Json.parse(
                "{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":"
                    + "\"…\"}},\"spec\":{\"replicas\":\"abc\"}}"));
    assertThatThrownBy(() -> apply((ObjectNode) DATA.get("base"), patch))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(422);
              assertThat(e.failure().message())
                  .isEqualTo(
                      " \"\" is invalid: patch: Invalid value: \"map[metadata:map[annotations:map[]]"
                          + " spec:map[replicas:abc]]\": json: cannot unmarshal string into Go"
                          + " struct field DeploymentSpec.spec.replicas of type int32");
            });
  }
}
