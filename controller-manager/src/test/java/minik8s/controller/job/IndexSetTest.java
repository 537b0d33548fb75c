package minik8s.controller.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexSetTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|''", "1|1", "1,2|1,2", "1,2,3|1-3", "0,2-4,9|0,2-4,9", "5-7,1|1,5-7", "x,3|3"})
  void readsAndWritesRanges(String text, String written) {
    assertThat(IndexSet.parse(text, 10).toString()).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0-99|0-9", "8,12|8"})
  void forgetsWhatIsOutOfRange(String text, String written) {
    assertThat(IndexSet.parse(text, 10).toString()).isEqualTo(written);
  }
}
