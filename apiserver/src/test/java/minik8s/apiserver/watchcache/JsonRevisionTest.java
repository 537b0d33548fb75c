package minik8s.apiserver.watchcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class JsonRevisionTest {
  @Test
  void writesTheRevisionIntoTheTopLevelMetadataOnly() {
    assertThat(stamped("{\"spec\":{\"metadata\":{\"a\":1}},\"metadata\":{\"name\":\"x\"}}"))
        .isEqualTo(
            "{\"spec\":{\"metadata\":{\"a\":1}},\"metadata\":{\"resourceVersion\":\"7\",\"name\":\"x\"}}");
  }

  @Test
  void isNotFooledByTexts() {
    assertThat(stamped("{\"kind\":\"\\\"metadata\\\":{\",\"x\":\"metadata\",\"metadata\":{}}"))
        .isEqualTo(
            "{\"kind\":\"\\\"metadata\\\":{\",\"x\":\"metadata\",\"metadata\":{\"resourceVersion\":\"7\"}}");
  }

  @Test
  void replacesARevision() {
    JsonRevision.Stamped first =
        JsonRevision.stamp("{\"metadata\":{\"name\":\"x\"}}".getBytes(UTF_8), 9);
    assertThat(new String(JsonRevision.restamp(first, 1234).json(), UTF_8))
        .isEqualTo("{\"metadata\":{\"resourceVersion\":\"1234\",\"name\":\"x\"}}");
    JsonRevision.Stamped bare = JsonRevision.stamp("{\"metadata\":{}}".getBytes(UTF_8), 9);
    assertThat(new String(JsonRevision.restamp(bare, 10).json(), UTF_8))
        .isEqualTo("{\"metadata\":{\"resourceVersion\":\"10\"}}");
  }

  @Test
  void cutsTheMetadataOut() {
    String json =
        "{\"kind\":\"{\",\"metadata\":{\"name\":\"}\\\"\",\"labels\":{\"a\":\"b\"}},\"spec\":{\"c\":{}}}";
    assertThat(new String(CachedObject.of("x", json.getBytes(UTF_8), 7).metadata(), UTF_8))
        .isEqualTo("{\"resourceVersion\":\"7\",\"name\":\"}\\\"\",\"labels\":{\"a\":\"b\"}}");
  }

  @Test
  void refusesWhatHasNoMetadata() {
    assertThatThrownBy(() -> stamped("{\"kind\":\"metadata\"}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String stamped(String json) {
    return new String(JsonRevision.stamp(json.getBytes(UTF_8), 7).json(), UTF_8);
  }
}
