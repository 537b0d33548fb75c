package minik8s.kubelet.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuRatesTest {
  private static final Instant START = Instant.EPOCH;

  private final CpuRates rates = new CpuRates();

  @Test
  void comparesALookThatFollowsTooSoonWithAnEarlierOne() {
    assertThat(rates.rate("a", START, 0)).isEmpty();
    assertThat(rates.rate("a", START.plusSeconds(1), 1_000_000_000)).isEmpty();
    assertThat(rates.rate("a", START.plusSeconds(10), 10_000_000_000L)).hasValue(1_000_000_000);
    assertThat(rates.rate("a", START.plusSeconds(11), 11_000_000_000L)).hasValue(1_000_000_000);
  }

  @Test
  void beginsAnewWhenTheCounterFallsBack() {
    assertThat(rates.rate("a", START, 100)).isEmpty();
    assertThat(rates.rate("a", START.plusSeconds(10), 50)).isEmpty();
  }

  @Test
  void forgetsWhatIsGone() {
    assertThat(rates.rate("a", START, 0)).isEmpty();
    rates.retain(Set.of("b"));
    assertThat(rates.rate("a", START.plusSeconds(10), 100)).isEmpty();
  }
}
