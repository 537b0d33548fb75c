package minik8s.kubectl.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S,0s",
    "PT119S,119s",
    "PT2M,2m",
    "PT5M12S,5m12s",
    "PT10M59S,10m",
    "PT179M,179m",
    "PT3H,3h",
    "PT7H30M,7h30m",
    "PT8H30M,8h",
    "PT47H,47h",
    "P2D,2d",
    "P3DT5H,3d5h",
    "P8DT5H,8d",
    "P729D,729d",
    "P730D,2y",
    "P800D,2y70d",
    "P3000D,8y",
    "PT-5S,<invalid>"
  })
  void abbreviates(Duration duration, String expected) {
    assertThat(Age.human(duration)).isEqualTo(expected);
  }

  @Test
  void doesNotKnowTheAgeOfWhatHasNoDate() {
    assertThat(Age.since("", InstantSource.fixed(Instant.EPOCH))).isEqualTo("<unknown>");
  }
}
