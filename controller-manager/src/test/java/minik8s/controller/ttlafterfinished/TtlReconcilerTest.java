package minik8s.controller.ttlafterfinished;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import minik8s.api.Job;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.PatchType;
import minik8s.client.informer.Informer;
import minik8s.controller.Workbench;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TtlReconcilerTest {
  private final Workbench bench = new Workbench();
  private final Informer<Job> jobs = bench.informer(Resources.JOBS);

  @BeforeEach
  void wire() {
    bench.run(
        queue -> {
          TtlReconciler.wire(queue, jobs);
          return new TtlReconciler(bench.api, jobs.lister(), bench.timers);
        },
        List.of(jobs));
  }

  private void finished(String name, String spec) {
    Job job =
        bench.create(
            Resources.JOBS,
            "{'metadata':{'name':'%s'},'spec':{%s'template':{}}}".formatted(name, spec));
    bench.api.patch(
        Resources.JOBS,
        job.key(),
        "status",
        PatchType.MERGE,
        Json.parse(
            """
            {"status":{"conditions":[{"type":"Complete","status":"True",
             "lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """));
  }

  private List<String> left() {
    return bench.all(Resources.JOBS).stream()
        .filter(job -> !job.metadata().deleting())
        .map(job -> job.metadata().name())
        .toList();
  }

  @Test
  void deletesAJobWhenItsTimeIsOver() {
    finished("a", "'ttlSecondsAfterFinished':100,");
    finished("b", "");
    finished("c", "'ttlSecondsAfterFinished':0,");
    bench.settle();
    assertThat(left()).containsExactly("a", "b");
    bench.pass(Duration.ofSeconds(99));
    assertThat(left()).containsExactly("a", "b");
    bench.pass(Duration.ofSeconds(2));
    assertThat(left()).containsExactly("b");
  }

  @Test
  void sparesAJobWhoseTimeWasProlongedUnseen() {
    finished("a", "'ttlSecondsAfterFinished':100,");
    bench.settle();
    bench.timers.advance(Duration.ofSeconds(101));
    bench.change(Resources.JOBS, "a", "{'spec':{'ttlSecondsAfterFinished':1000}}");
    bench.step();
    assertThat(left()).containsExactly("a");
  }
}
