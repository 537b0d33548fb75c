package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Bodies that kubectl 1.33 sent, each with the document it means. */
class ProtobufTest {
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  private static final Decoder DECODER = new Decoder(new Schemas());

  private static JsonNode data() throws IOException {
    try (var in = ProtobufTest.class.getResourceAsStream("/schema/protobuf.json")) {
      assertThat(in).isNotNull();
      return Json.parse(in.readAllBytes());
    }
  }

  static Stream<Arguments> recordings() throws IOException {
    return data().valueStream().map(r -> Arguments.of(r.get("command").asString(), r));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recordings")
  void readsWhatKubectlSends(String command, JsonNode recording) {
    JsonNode document = recording.get("document");
    byte[] body = Base64.getDecoder().decode(recording.get("body").asString());
    Gvk gvk = Gvk.of(document.get("apiVersion").asString(), document.get("kind").asString());
    Decoded decoded = DECODER.decode(body, PROTOBUF, gvk, FieldValidation.STRICT);
    assertThat(decoded.document()).isEqualTo(document);
    assertThat(decoded.warnings()).isEmpty();
  }

  @Test
  void refusesOtherKindAndNoise() throws IOException {
    byte[] configMap = Base64.getDecoder().decode(data().get(1).get("body").asString());
    assertThatThrownBy(() -> decode(configMap))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("ConfigMap in version \"v1\" cannot be handled as a Pod");
    byte[] noise = "k8s\0\n\777".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> decode(noise))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("unexpected EOF");
    assertThatThrownBy(() -> decode("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("expected prefix [107 56 115 0]");
  }

  private static Decoded decode(byte[] body) {
    return DECODER.decode(body, PROTOBUF, new Gvk("", "v1", "Pod"), FieldValidation.STRICT);
  }
}
