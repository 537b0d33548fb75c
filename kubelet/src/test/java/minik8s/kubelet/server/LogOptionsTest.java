package minik8s.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogOptionsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  @Test
  void readsBooleansAsEveryClientWritesThem() {
    for (String yes : List.of("true", "1")) {
      assertThat(LogOptions.of(Map.of("follow", yes)::get, NOW).follow()).isTrue();
    }
    for (String no : List.of("false", "0", "")) {
      assertThat(LogOptions.of(Map.of("follow", no)::get, NOW).follow()).isFalse();
    }
  }

  @Test
  void countsBackFromNow() {
    assertThat(LogOptions.of(Map.of("sinceSeconds", "60")::get, NOW).since())
        .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(LogOptions.of(Map.of("sinceTime", "2026-01-01T01:00:00+01:00")::get, NOW).since())
        .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void namesTheParameterThatIsWrong() {
    assertThatThrownBy(() -> LogOptions.of(Map.of("tailLines", "x")::get, NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tailLines: \"x\" is not a number");
  }

  @Test
  void choosesTheBestSubprotocol() {
    assertThat(Channels.choose(List.of("v4.channel.k8s.io", "v5.channel.k8s.io")))
        .isEqualTo(Channels.V5);
    assertThat(Channels.choose(List.of("base64.binary.k8s.io", "v4.channel.k8s.io")))
        .isEqualTo(Channels.V4);
    assertThat(Channels.choose(List.of("chat"))).isNull();
  }

  @Test
  void reportsExitCodesAsStatus() {
    assertThat(ExecSocket.status(0).path("status").asString("")).isEqualTo("Success");
    assertThat(ExecSocket.status(3).at("/details/causes/0/message").asString("")).isEqualTo("3");
  }
}
