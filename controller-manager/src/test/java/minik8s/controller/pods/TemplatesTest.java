package minik8s.controller.pods;

import static org.assertj.core.api.Assertions.assertThat;

import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  private static Raw template(String json) {
    return Raw.of(Json.parse(json));
  }

  private final Raw plain =
      template(
          "{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"a\":1,\"b\":[{\"c\":{}}]}}");

  @Test
  void ignoresOrderOfFieldsNullsAndTheHashLabel() {
    Raw same =
        template(
            "{\"spec\":{\"b\":[{\"c\":{}}],\"a\":1},\"metadata\":{\"creationTimestamp\":null,"
                + "\"labels\":{\"pod-template-hash\":\"x\",\"app\":\"web\"}}}");
    assertThat(Templates.same(plain, same)).isTrue();
    assertThat(Templates.hash(plain, null)).isEqualTo(Templates.hash(same, null));
  }

  @Test
  void seesEmptyObjectsAndOtherLabels() {
    assertThat(
            Templates.same(
                plain,
                template(
                    "{\"metadata\":{\"labels\":{\"app\":\"web\"}},"
                        + "\"spec\":{\"a\":1,\"b\":[{}]}}")))
        .isFalse();
    assertThat(
            Templates.same(
                plain,
                template(
                    "{\"metadata\":{\"labels\":{\"app\":\"x\"}},"
                        + "\"spec\":{\"a\":1,\"b\":[{\"c\":{}}]}}")))
        .isFalse();
  }

  @Test
  void spellsHashesInTheSafeAlphabetAndMovesThemOnCollision() {
    String hash = Templates.hash(plain, null);
    assertThat(hash).matches("[bcdfghjklmnpqrstvwxz2456789]{1,10}");
    assertThat(Templates.hash(plain, 1)).isNotEqualTo(hash);
    assertThat(Templates.hash(plain, 2)).isNotEqualTo(Templates.hash(plain, 1));
  }

  @Test
  void labelsACopyAndLeavesTheOriginal() {
    assertThat(Templates.labelled(plain, "h").at("/metadata/labels/pod-template-hash").asString())
        .isEqualTo("h");
    assertThat(plain.node().at("/metadata/labels").has("pod-template-hash")).isFalse();
  }
}
