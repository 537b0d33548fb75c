package minik8s.gpu.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParsersTest {
  private static JobRow row(String state, String exit) {
    return JobRows.accounting(
            "20|" + state + "|" + exit + "|1700000000|1700000005|1700000065|60|node1|None|n\n")
        .getFirst();
  }

  @Test
  void readsEveryStateOfTheAccounting() {
    for (String state :
        List.of(
            "COMPLETED",
            "FAILED",
            "TIMEOUT",
            "OUT_OF_MEMORY",
            "NODE_FAIL",
            "PREEMPTED",
            "BOOT_FAIL",
            "DEADLINE",
            "REVOKED")) {
      assertThat(row(state, "0:0").state().name()).isEqualTo(state);
      assertThat(row(state, "0:0").state().ended()).isTrue();
    }
    JobRow cancelled = row("CANCELLED by 1001", "0:15");
    assertThat(cancelled.state()).isEqualTo(SlurmState.CANCELLED);
    assertThat(cancelled.cancelledBy()).isEqualTo(1001);
    assertThat(cancelled.signal()).isEqualTo(15);
    assertThat(cancelled.started()).isEqualTo(Instant.ofEpochSecond(1700000005));
    assertThat(row("SOMETHING_NEW", "0:0").state().kind()).isEqualTo(SlurmState.Kind.WAITING);
    assertThat(row("REQUEUED", "0:0").state().ended()).isFalse();
  }

  @Test
  void skipsStepsAndLinesThatDoNotFit() {
    String output =
        "20.batch|FAILED|1:0|1|1|1|1|n|None|batch\nsacct: error\n\n21|RUNNING|0:0|1|2|Unknown|3|None assigned|None|a|b\n";
    assertThat(JobRows.accounting(output))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.id()).isEqualTo("21");
          assertThat(row.name()).isEqualTo("a|b");
          assertThat(row.nodes()).isEmpty();
          assertThat(row.ended()).isNull();
        });
  }

  @Test
  void matchesByNameAndSubmitTimeWhereNumbersComeAgain() {
    List<JobRow> rows =
        JobRows.accounting(
            "7|COMPLETED|0:0|100|100|100|1|n|None|stranger\n7|FAILED|1:0|200|200|200|1|n|None|ours-u-1\n9|RUNNING|0:0|300|300|Unknown|1|n|None|ours-u-1\n");
    Optional<JobReport> report = JobReport.of("ours-u-1", rows);
    assertThat(report.orElseThrow().jobId()).isEqualTo("9");
    assertThat(JobReport.of("ours-u-2", rows)).isEmpty();
  }

  @Test
  void countsTheTasksOfAnArray() {
    JobReport report =
        JobReport.of(
                "a",
                JobRows.accounting(
                    "49_0|COMPLETED|0:0|1|1|1|1|n|None|a\n49_1|FAILED|3:0|1|1|1|1|n|None|a\n49_2|RUNNING|0:0|1|1|Unknown|1|n|None|a\n49_[3-9:2,20%2]|PENDING|0:0|1|Unknown|Unknown|0|None|None|a\n"))
            .orElseThrow();
    assertThat(report.isArray()).isTrue();
    assertThat(report.ended()).isFalse();
    assertThat(report.count(SlurmState.Kind.WAITING)).isEqualTo(5);
    assertThat(report.completed()).isEqualTo(1);
    assertThat(report.leading().id()).isEqualTo("49_2");
  }

  @Test
  void takesTheReasonForWaitingFromTheQueue() {
    JobReport book =
        JobReport.of("a", JobRows.accounting("5|PENDING|0:0|1|Unknown|Unknown|0|None|None|a\n"))
            .orElseThrow();
    JobReport queue =
        JobReport.of("a", JobRows.queue("5|PENDING|Resources|1|N/A||a\n")).orElseThrow();
    assertThat(book.explainedBy(queue).leading().reason()).isEqualTo("Resources");
  }

  @Test
  void understandsWhatSbatchSays() {
    assertThat(SubmitAnswers.of("ACCEPTED\n42\n")).isEqualTo(new SubmitAnswer.Accepted("42"));
    assertThat(SubmitAnswers.of("ACCEPTED\nsbatch: a warning\n42;pi\n"))
        .isEqualTo(new SubmitAnswer.Accepted("42"));
    assertThat(SubmitAnswers.of("LOCKED\n")).isInstanceOf(SubmitAnswer.Doubtful.class);
    assertThat(SubmitAnswers.of("")).isInstanceOf(SubmitAnswer.Doubtful.class);
    assertThat(
            SubmitAnswers.of(
                "FAILED 1\nsbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)"))
        .isInstanceOf(SubmitAnswer.Unavailable.class);
    assertThat(
            SubmitAnswers.of(
                "FAILED 1\nsbatch: error: Batch job submission failed: Socket timed out on send/recv operation"))
        .isInstanceOf(SubmitAnswer.Doubtful.class);
    Map<String, String> refusals =
        Map.of(
            "Invalid partition name specified", "InvalidPartition",
            "Requested node configuration is not available", "ResourcesNotAvailable",
            "Invalid account or account/partition combination specified", "InvalidAccount",
            "Invalid qos specification", "InvalidQOS",
            "Requested time limit is invalid (missing or exceeds some limit)", "InvalidTimeLimit",
            "something nobody has heard of", "SubmissionRefused");
    refusals.forEach((text, reason) ->
        assertThat(
                SubmitAnswers.of("FAILED 1\nsbatch: error: Batch job submission failed: " + text))
            .isInstanceOfSatisfying(
                SubmitAnswer.Refused.class,
                refused -> {
                  assertThat(refused.reason()).isEqualTo(reason);
                  assertThat(refused.advice()).isNotEmpty();
                }));
  }

  @Test
  void sortsMarksByJobAndTask() {
    Map<String, Marks> marks =
        Marks.byToken(
            List.of(
                "u-1.start",
                "u-1.end-3",
                "v-2.start.7",
                "v-2.end-0.7",
                "w-1.compiled",
                "x-1.end-0.new",
                "odd"));
    assertThat(Objects.requireNonNull(marks.get("u-1")).ended()).containsEntry("", 3);
    assertThat(Objects.requireNonNull(marks.get("v-2")).started()).containsExactly("7");
    assertThat(Objects.requireNonNull(marks.get("v-2")).ended()).containsEntry("7", 0);
    assertThat(Objects.requireNonNull(marks.get("w-1")).compiled()).isTrue();
    assertThat(marks).doesNotContainKey("x-1").doesNotContainKey("odd");
  }

  @Test
  void buildsNoCommandOutOfOddWords() {
    assertThat(CommandLine.of("/b/s.sh", "submit", "/b/d").toString())
        .isEqualTo("bash '/b/s.sh' 'submit' '/b/d'");
    for (String odd :
        List.of(
            "a b", "a'b", "$(x)", "a;b", "a\nb", "`x`", "a|b", "a&b", "a>b", "a\\b", "a\"b", "é")) {
      assertThatThrownBy(() -> CommandLine.of("/s", "v", odd))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
