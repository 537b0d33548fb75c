package minik8s.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void readsFilesThatAnswerOnlyAFirstReadInFull() {
    long[] processes = Machine.processes();
    assertThat(processes[0]).isPositive();
    assertThat(processes[1]).as("pid_max").isGreaterThan(1000);
    assertThat(Machine.kernel()).contains(".");
  }
}
