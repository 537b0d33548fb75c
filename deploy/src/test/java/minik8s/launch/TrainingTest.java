package minik8s.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingTest {

  @Test
  void splitsCommandLinesAtTheirSeparator() {
    assertThat(Training.commands("--", "a.Main", "--flag=1", "--", "b.Main"))
        .containsExactly(List.of("a.Main", "--flag=1"), List.of("b.Main"));
  }

  @Test
  void refusesArgumentsThatBelongToNoCommand() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.commands("a.Main"))
        .withMessageContaining("a.Main");
  }
}
