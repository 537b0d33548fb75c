package minik8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import minik8s.api.Failure;
import minik8s.api.Pod;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;

class ExplanationsTest {
  private final Queue<Runnable> writers = new ArrayDeque<>();
  private final List<String> written = new ArrayList<>();
  private final Pod pod = Pods.pod("web").uid("1").build();

  /** Gives a further explanation of the same pod while it writes the first. */
  private final class Interrupted implements ClusterGateway {
    private Explanations explanations = new Explanations(this, writers::add);

    @Override
    public void bind(Pod pod, String node) {}

    @Override
    public void explain(Pod pod, String reason, String message, Room room) {
      written.add(message);
      if (message.equals("while")) {
        explanations.give(pod, reason, "after");
      }
      if (message.equals("fails")) {
        throw Failure.unavailable("not now").asException();
      }
    }

    @Override
    public boolean nominate(Pod pod, String message, String node) {
      return true;
    }

    @Override
    public void withdraw(Pod pod) {}

    @Override
    public void evict(Pod victim, Pod preemptor, String node) {}

    @Override
    public void fulfil(VolumeDuty duty) {}
  }

  private final Explanations explanations = new Interrupted().explanations;

  @Test
  void writesOnlyTheNewestOfThoseThatPileUp() {
    explanations.give(pod, "Unschedulable", "old");
    explanations.give(pod, "Unschedulable", "new");
    run();
    assertThat(written).containsExactly("new");
  }

  @Test
  void writesWhatCameWhileWritingOnTheSameWriter() {
    explanations.give(pod, "Unschedulable", "while");
    run();
    assertThat(written).containsExactly("while", "after");
  }

  @Test
  void goesOnAfterAFailure() {
    explanations.give(pod, "Unschedulable", "fails");
    run();
    explanations.give(pod, "Unschedulable", "works");
    run();
    assertThat(written).containsExactly("fails", "works");
  }

  private void run() {
    for (Runnable writer = writers.poll(); writer != null; writer = writers.poll()) {
      writer.run();
      assertThat(writers).as("a second writer for one pod").isEmpty();
    }
  }
}
