package minik8s.gpu.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.codec.Json;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuJob.Phase;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.job.View.Submitting;
import minik8s.gpu.slurm.JobReport;
import minik8s.gpu.slurm.JobRow;
import minik8s.gpu.slurm.Marks;
import minik8s.gpu.slurm.SlurmState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class GpuJobPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final View.Link READY = new View.Link("/home/hpc/minik8s", 1001, "", "", 1);
  private static final String SUBMITTED =
      "\"attempt\":1,\"submission\":{\"name\":\"add-u-1\",\"intendedAt\":\"2026-01-01T00:00:00Z\"},\"submitTime\":\"2026-01-01T00:00:00Z\"";

  private static GpuJob job(String spec, String status, boolean deleting) {
    ObjectNode document =
        (ObjectNode)
            Json.parse(
                "{\"metadata\":{\"name\":\"add\",\"namespace\":\"default\",\"uid\":\"u\",\"finalizers\":[\"gpu.minik8s.io/slurm\"]},"
                    + "\"spec\":{\"clusterName\":\"lab\",\"runScripts\":[\"./a\"]"
                    + spec
                    + "},\"status\":{"
                    + status
                    + "}}");
    if (deleting) {
      document.withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
    }
    return Json.read(document, GpuJob.class);
  }

  private static SlurmCluster cluster() {
    return Json.read(
        "{\"metadata\":{\"name\":\"lab\"},\"spec\":{\"host\":\"h\",\"credentialsSecretRef\":{\"name\":\"s\",\"namespace\":\"n\"}}}",
        SlurmCluster.class);
  }

  private static View view(
      GpuJob job, @Nullable JobReport report, Marks marks, Submitting submitting, Instant now) {
    return new View(
        job,
        cluster(),
        READY,
        report,
        marks,
        marks.ended().isEmpty() ? null : NOW,
        0,
        submitting,
        now,
        now);
  }

  private static Step next(GpuJob job, Submitting submitting) {
    return GpuJobPlan.next(view(job, null, Marks.NONE, submitting, NOW));
  }

  private static JobReport report(SlurmState state, @Nullable Integer by) {
    return new JobReport(
        "7",
        List.of(
            new JobRow(
                "7",
                "add-u-1",
                state,
                by,
                0,
                0,
                NOW,
                NOW,
                state.ended() ? NOW : null,
                Duration.ZERO,
                "n",
                "")));
  }

  @Test
  void writesTheIntentBeforeItSubmits() {
    Step step = next(job("", "\"phase\":\"Submitting\",\"attempt\":1", false), Submitting.UNKNOWN);
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Show.class,
            show -> {
              assertThat(show.status().submission())
                  .isEqualTo(new GpuJob.Submission("add-u-1", NOW));
              assertThat(show.status().jobId()).isEmpty();
            });
  }

  @Test
  void searchesForASubmissionThatAnotherProcessIntended() {
    GpuJob intended = job("", "\"phase\":\"Submitting\"," + SUBMITTED, false);
    assertThat(next(intended, Submitting.UNKNOWN)).isInstanceOf(Step.Search.class);
    assertThat(next(intended, Submitting.SEARCHED)).isInstanceOf(Step.Submit.class);
    assertThat(next(intended, Submitting.INTENDED_HERE)).isInstanceOf(Step.Submit.class);
  }

  @Test
  void searchesAlsoBeforeItLetsADeletedJobGo() {
    GpuJob intended = job("", "\"phase\":\"Submitting\"," + SUBMITTED, true);
    assertThat(next(intended, Submitting.UNKNOWN)).isInstanceOf(Step.Search.class);
    assertThat(next(intended, Submitting.SEARCHED)).isInstanceOf(Step.Forbid.class);
    GpuJob running = job("", "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, true);
    assertThat(next(running, Submitting.UNKNOWN))
        .isInstanceOfSatisfying(
            Step.Cancel.class, cancel -> assertThat(cancel.jobId()).isEqualTo("7"));
    GpuJob ended =
        job(
            "",
            "\"phase\":\"Succeeded\",\"remoteDirectory\":\"/x\",\"jobId\":\"7\"," + SUBMITTED,
            true);
    assertThat(next(ended, Submitting.UNKNOWN)).isInstanceOf(Step.Clear.class);
  }

  @Test
  void saysWhyADeletedJobCannotBeCancelledYet() {
    GpuJob running = job("", "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, true);
    View away =
        new View(
            running,
            cluster(),
            new View.Link("/b", 1, "Unreachable", "no route", 1),
            null,
            Marks.NONE,
            null,
            0,
            Submitting.UNKNOWN,
            null,
            NOW);
    assertThat(GpuJobPlan.next(away))
        .isInstanceOfSatisfying(
            Step.Show.class,
            show -> {
              assertThat(show.status().reason()).isEqualTo("CancelPending");
              assertThat(show.status().message()).contains("no route");
              assertThat(show.status().advice()).contains(GpuJob.FINALIZER);
            });
  }

  @Test
  void believesAMarkWhereTheAccountingLags() {
    GpuJob queued = job("", "\"phase\":\"Queued\",\"jobId\":\"7\"," + SUBMITTED, false);
    Marks started = new Marks(Set.of(""), Map.of(), false);
    assertThat(
            GpuJobPlan.next(
                view(queued, report(SlurmState.PENDING, null), started, Submitting.UNKNOWN, NOW)))
        .isInstanceOfSatisfying(
            Step.Show.class, show -> assertThat(show.status().current()).isEqualTo(Phase.Running));
  }

  @Test
  void takesTheMarkForTheEndWhereTheAccountingStaysSilent() {
    GpuJob running = job("", "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, false);
    Marks ended = new Marks(Set.of(""), Map.of("", 3), false);
    Step early = GpuJobPlan.next(view(running, null, ended, Submitting.UNKNOWN, NOW));
    assertThat(early).isNotInstanceOf(Step.Collect.class);
    Step late =
        GpuJobPlan.next(
            view(
                running,
                null,
                ended,
                Submitting.UNKNOWN,
                NOW.plus(RunPlan.ACCOUNTING_LAG).plusSeconds(1)));
    assertThat(late)
        .isInstanceOfSatisfying(
            Step.Collect.class,
            collect -> {
              assertThat(collect.status().current()).isEqualTo(Phase.Failed);
              assertThat(collect.status().reason()).isEqualTo("AccountingMissing");
              assertThat(collect.status().exitCode()).isEqualTo(3);
            });
  }

  @Test
  void givesUpAJobThatNobodyKnowsAnyMore() {
    GpuJob running = job("", "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, false);
    Instant later = NOW.plus(Duration.ofHours(1));
    View lost =
        new View(
            running, cluster(), READY, null, Marks.NONE, null, 3, Submitting.UNKNOWN, later, later);
    assertThat(GpuJobPlan.next(lost))
        .isInstanceOfSatisfying(
            Step.Collect.class,
            collect -> assertThat(collect.status().reason()).isEqualTo("JobLost"));
  }

  @Test
  void waitsForWordOfEveryTaskOfAnArray() {
    GpuJob array =
        job(
            ",\"slurm\":{\"array\":\"0-2%2\"}",
            "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, false);
    JobReport partly =
        new JobReport(
            "7", List.of(task("0", SlurmState.COMPLETED), task("1", SlurmState.COMPLETED)));
    assertThat(GpuJobPlan.next(view(array, partly, Marks.NONE, Submitting.UNKNOWN, NOW)))
        .isNotInstanceOf(Step.Collect.class);
    JobReport whole =
        new JobReport(
            "7",
            List.of(
                task("0", SlurmState.COMPLETED),
                task("1", SlurmState.COMPLETED),
                task("2", SlurmState.FAILED)));
    assertThat(reason(array, whole, NOW)).isEqualTo("TasksFailed");
    Instant late = NOW.plus(RunPlan.ACCOUNTING_LAG).plusSeconds(1);
    assertThat(reason(array, partly, late)).isEqualTo("Completed");
  }

  private static String reason(GpuJob job, JobReport report, Instant now) {
    return GpuJobPlan.next(view(job, report, Marks.NONE, Submitting.UNKNOWN, now))
            instanceof Step.Collect collect
        ? collect.status().reason()
        : "";
  }

  private static JobRow task(String task, SlurmState state) {
    return new JobRow(
        "7_" + task, "add-u-1", state, null, 0, 0, NOW, NOW, NOW, Duration.ZERO, "n", "");
  }

  @Test
  void explainsEveryEnd() {
    GpuJob running = job("", "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, false);
    Map<SlurmState, String> reasons =
        Map.of(
            SlurmState.TIMEOUT,
            "TimeLimit",
            SlurmState.OUT_OF_MEMORY,
            "OutOfMemory",
            SlurmState.NODE_FAIL,
            "NodeFailure",
            SlurmState.PREEMPTED,
            "Preempted",
            SlurmState.BOOT_FAIL,
            "BootFailure",
            SlurmState.DEADLINE,
            "DeadlineMissed",
            SlurmState.REVOKED,
            "Revoked",
            SlurmState.FAILED,
            "NonZeroExit");
    reasons.forEach((state, reason) ->
        assertThat(
                GpuJobPlan.next(
                    view(running, report(state, null), Marks.NONE, Submitting.UNKNOWN, NOW)))
            .isInstanceOfSatisfying(
                Step.Collect.class,
                collect -> {
                  assertThat(collect.status().current()).isEqualTo(Phase.Failed);
                  assertThat(collect.status().reason()).isEqualTo(reason);
                  assertThat(collect.status().advice()).isNotEmpty();
                }));
  }

  @Test
  void triesAgainWhatThePolicyNames() {
    String policy = ",\"retryPolicy\":{\"limit\":1,\"states\":[\"NODE_FAIL\"]}";
    GpuJob first = job(policy, "\"phase\":\"Running\",\"jobId\":\"7\"," + SUBMITTED, false);
    assertThat(
            GpuJobPlan.next(
                view(
                    first,
                    report(SlurmState.NODE_FAIL, null),
                    Marks.NONE,
                    Submitting.UNKNOWN,
                    NOW)))
        .isInstanceOfSatisfying(
            Step.Begin.class,
            begin -> {
              assertThat(begin.status().attempt()).isEqualTo(2);
              assertThat(begin.status().submission()).isNull();
              assertThat(begin.status().remoteDirectory()).endsWith("/add.u/2");
            });
    assertThat(
            GpuJobPlan.next(
                view(first, report(SlurmState.FAILED, null), Marks.NONE, Submitting.UNKNOWN, NOW)))
        .isInstanceOf(Step.Collect.class);
    GpuJob second =
        job(
            policy,
            "\"phase\":\"Running\",\"jobId\":\"7\","
                + SUBMITTED.replace("\"attempt\":1", "\"attempt\":2"),
            false);
    assertThat(
            GpuJobPlan.next(
                view(
                    second,
                    report(SlurmState.NODE_FAIL, null),
                    Marks.NONE,
                    Submitting.UNKNOWN,
                    NOW)))
        .isInstanceOf(Step.Collect.class);
  }

  @Test
  void deletesWhatHasOutlivedItsTime() {
    GpuJob done =
        job(
            ",\"ttlSecondsAfterFinished\":60",
            "\"phase\":\"Succeeded\",\"completionTime\":\"2026-01-01T00:00:00Z\"",
            false);
    assertThat(GpuJobPlan.next(view(done, null, Marks.NONE, Submitting.UNKNOWN, NOW)))
        .isEqualTo(new Step.Wait(Duration.ofMinutes(1)));
    assertThat(
            GpuJobPlan.next(view(done, null, Marks.NONE, Submitting.UNKNOWN, NOW.plusSeconds(60))))
        .isInstanceOf(Step.Expire.class);
  }

  @Test
  void submitsNothingThatIsSuspended() {
    GpuJob job = job(",\"suspend\":true", "\"phase\":\"Pending\"", false);
    assertThat(next(job, Submitting.UNKNOWN))
        .isInstanceOfSatisfying(
            Step.Show.class,
            show -> assertThat(show.status().current()).isEqualTo(Phase.Suspended));
    GpuJob resumed = job("", "\"phase\":\"Suspended\",\"attempt\":1", false);
    assertThat(next(resumed, Submitting.UNKNOWN))
        .isInstanceOfSatisfying(
            Step.Begin.class, begin -> assertThat(begin.status().attempt()).isEqualTo(2));
  }
}
