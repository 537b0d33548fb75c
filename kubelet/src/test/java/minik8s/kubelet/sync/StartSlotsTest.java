package minik8s.kubelet.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StartSlotsTest {
  private static final boolean FIRST = false;
  private static final boolean AGAIN = true;

  private final StartSlots slots = new StartSlots(4);

  private List<CompletableFuture<Void>> ask(int count, boolean again) {
    List<CompletableFuture<Void>> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(slots.ask(again));
    }
    return turns;
  }

  private static long granted(List<CompletableFuture<Void>> turns) {
    return turns.stream().filter(CompletableFuture::isDone).count();
  }

  @Test
  void givesAllSlotsToFirstStartsInOrder() {
    List<CompletableFuture<Void>> firsts = ask(6, FIRST);
    assertThat(granted(firsts)).isEqualTo(4);
    slots.release();
    assertThat(firsts.get(4)).isDone();
    assertThat(firsts.get(5)).isNotDone();
  }

  @Test
  void keepsHalfOfTheSlotsFromRestarts() {
    List<CompletableFuture<Void>> restarts = ask(200, AGAIN);
    assertThat(granted(restarts)).isEqualTo(2);
    assertThat(granted(ask(2, FIRST))).isEqualTo(2);
  }

  @Test
  void letsFirstStartsPassRestarts() {
    List<CompletableFuture<Void>> restarts = ask(200, AGAIN);
    List<CompletableFuture<Void>> firsts = ask(4, FIRST);
    slots.release();
    slots.release();
    assertThat(granted(firsts)).isEqualTo(4);
    assertThat(granted(restarts)).isEqualTo(2);
    for (int i = 0; i < 4; i++) {
      slots.release();
    }
    assertThat(granted(restarts)).isEqualTo(4);
  }

  @Test
  void letsNoRestartWaitForever() {
    ask(4, FIRST);
    CompletableFuture<Void> restart = slots.ask(AGAIN);
    List<CompletableFuture<Void>> firsts = ask(StartSlots.PATIENCE + 1, FIRST);
    for (int i = 0; i < StartSlots.PATIENCE; i++) {
      slots.release();
    }
    assertThat(granted(firsts)).isEqualTo(StartSlots.PATIENCE);
    assertThat(restart).isNotDone();
    slots.release();
    assertThat(restart).isDone();
    assertThat(firsts.getLast()).isNotDone();
  }

  @Test
  void restartsWithASingleSlot() {
    StartSlots one = new StartSlots(1);
    assertThat(one.ask(AGAIN)).isDone();
    assertThat(one.ask(AGAIN)).isNotDone();
  }

  @Test
  void forgetsWhoIsInterrupted() {
    ask(4, FIRST);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> slots.acquire(FIRST)).isInstanceOf(InterruptedException.class);
    CompletableFuture<Void> next = slots.ask(FIRST);
    slots.release();
    assertThat(next).isDone();
  }
}
