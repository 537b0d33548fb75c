package minik8s.kubelet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import minik8s.kubelet.source.SourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceLedgerTest {
  private static final String GPU = "nvidia.com/gpu";

  @TempDir Path folder;

  private DeviceLedger ledger() {
    return new DeviceLedger(folder.resolve("devices"), Map.of(GPU, 3));
  }

  @Test
  void givesNoDeviceTwiceAlsoAfterARestart() {
    assertThat(ledger().take("a", "c", GPU, 2)).containsExactly("0", "1");
    assertThat(ledger().take("a", "c", GPU, 2)).containsExactly("0", "1");
    assertThat(ledger().take("b", "c", GPU, 1)).containsExactly("2");
  }

  @Test
  void saysWhenTooFewAreLeft() {
    DeviceLedger ledger = ledger();
    var _ = ledger.take("a", "c", GPU, 2);
    assertThatThrownBy(() -> ledger.take("b", "c", GPU, 2))
        .isInstanceOf(SourceFailure.class)
        .hasMessage(
            "Allocate failed due to requested number of devices unavailable for nvidia.com/gpu."
                + " Requested: 2, Available: 1, which is unexpected");
    assertThatThrownBy(() -> ledger.take("b", "c", "example.com/dongle", 1))
        .isInstanceOf(SourceFailure.class);
  }

  @Test
  void takesBackWhatAPodHad() {
    DeviceLedger ledger = ledger();
    var _ = ledger.take("a", "c", GPU, 3);
    ledger.release("a");
    ledger.release("a");
    assertThat(ledger.take("b", "c", GPU, 1)).containsExactly("0");
  }
}
