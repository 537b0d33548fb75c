package minik8s.scheduler.framework;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsLikeAMap(long seed) {
    Random random = new Random(seed);
    Tally tally = new Tally();
    Map<Integer, Integer> expected = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int slot = random.nextInt(300);
      boolean remove = expected.containsKey(slot) && random.nextInt(5) > 1;
      tally.add(slot, remove ? -1 : 1);
      expected.merge(slot, remove ? -1 : 1, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
    Map<Integer, Integer> shown = new HashMap<>();
    tally.forEach(shown::put);
    assertThat(shown).isEqualTo(expected);
    expected.forEach((slot, count) -> assertThat(tally.at(slot)).isEqualTo(count));
    expected.forEach((slot, count) -> tally.add(slot, -count));
    assertThat(tally.isEmpty()).isTrue();
    assertThat(tally.at(7)).isZero();
  }
}
