package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "0m,0",
    "1,1",
    "100,100",
    "1000,1k",
    "1500,1500",
    "0.5,500m",
    "1.5,1500m",
    "100m,100m",
    "1000m,1",
    "1024Mi,1Gi",
    "1.5Gi,1536Mi",
    "0.5Ki,512",
    "1100Ki,1100Ki",
    "1000000,1M",
    "1e3,1e3",
    "2.5e6,2500e3",
    "10Gi,10Gi",
    "-1,-1",
    "+5,5",
    ".5,500m",
    "0.1n,1n",
    "12E,12E",
    "1023Mi,1023Mi",
    "64Mi,64Mi",
    "1.1Ki,1126400m",
    "007,7"
  })
  void canonicalFormIsKubernetes(String given, String canonical) {
    assertThat(Quantities.canonical(given)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "1Q", "1.2.3", "Mi", "1 Gi", "1ee3"})
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> Quantities.canonical(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
