package minik8s.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class SelectionTest {
  @Test
  void readsNamesStarsAndMinus() {
    assertThat(new Selection(List.of("*")).includes("deployment")).isTrue();
    assertThat(new Selection(List.of("*", "-deployment")).includes("deployment")).isFalse();
    assertThat(new Selection(List.of("*", "-deployment-controller")).includes("deployment"))
        .isFalse();
    assertThat(new Selection(List.of("deployment")).includes("deployment")).isTrue();
    assertThat(new Selection(List.of("deployment")).includes("replicaset")).isFalse();
  }

  @Test
  void findsMisspeltNames() {
    List<String> known = List.of("deployment", "podgc");
    assertThat(new Selection(List.of("*", "-podgc-controller")).unknown(known)).isEmpty();
    assertThat(new Selection(List.of("deploymnet")).unknown(known)).contains("deploymnet");
  }

  @ParameterizedTest
  @CsvSource({"40s, 40000", "1m30s, 90000", "500ms, 500", "1.5s, 1500", "2h, 7200000"})
  void readsDurationsAsGoWritesThem(String text, long millis) {
    assertThat(new GoDuration().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void refusesWhatIsNoDuration() {
    for (String text : List.of("", "40", "s", "40s!", "1m 30s")) {
      assertThatThrownBy(() -> new GoDuration().convert(text))
          .isInstanceOf(TypeConversionException.class);
    }
  }
}
