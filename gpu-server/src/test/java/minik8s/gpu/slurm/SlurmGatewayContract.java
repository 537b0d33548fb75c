package minik8s.gpu.slurm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import minik8s.gpu.JobPlace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every gateway keeps, whatever is behind it: above all that everything may be asked twice.
 */
abstract class SlurmGatewayContract {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @SuppressWarnings("NullAway.Init")
  private SlurmGateway gateway;

  @SuppressWarnings("NullAway.Init")
  private String base;

  /** The gateway under test. */
  abstract SlurmGateway gateway();

  /** Lets jobs get on. */
  abstract void pass() throws InterruptedException;

  /** A job script that ends by itself, and leaves what the fake leaves. */
  private static String script(JobPlace place) {
    return """
    #!/bin/bash
    #SBATCH --job-name=%s --output=%s/%s.out --time=5 --mem=100M
    touch %s/%s.start
    echo result of %s
    touch %s/%s.end-0
    """
        .formatted(
            place.slurmName(),
            place.work(),
            place.name(),
            place.marks(),
            place.token(),
            place.token(),
            place.marks(),
            place.token());
  }

  @BeforeEach
  void connect() throws Exception {
    gateway = gateway();
    base = gateway.probe().base();
  }

  private JobPlace fresh() throws Exception {
    JobPlace place = new JobPlace(base, "default", "contract", UUID.randomUUID().toString(), 1);
    gateway.upload(
        place, List.of(UploadFile.of("src/a.cu", "text".getBytes(UTF_8), 0644)), List.of());
    gateway.write(place, "job.sh", script(place));
    return place;
  }

  private String submitted(JobPlace place) throws Exception {
    assertThat(gateway.submit(place)).isInstanceOf(SubmitAnswer.Accepted.class);
    return gateway.find(place, LONG_AGO).orElseThrow().jobId();
  }

  @Test
  void looksAtVersionAndPartitions() throws Exception {
    Probe probe = gateway.probe();
    assertThat(probe.version()).startsWith("slurm").contains("22.05");
    assertThat(probe.partitions()).anyMatch(partition -> partition.name().equals("dgx2"));
    assertThat(probe.userId()).isPositive();
  }

  @Test
  void submitsOnceHoweverOftenItIsAsked() throws Exception {
    JobPlace place = fresh();
    assertThat(gateway.find(place, LONG_AGO)).isEmpty();
    SubmitAnswer first = gateway.submit(place);
    assertThat(first).isInstanceOf(SubmitAnswer.Accepted.class);
    assertThat(gateway.submit(place)).isEqualTo(first);
    assertThat(gateway.find(place, LONG_AGO))
        .hasValueSatisfying(report -> {
          assertThat(new SubmitAnswer.Accepted(report.jobId())).isEqualTo(first);
          assertThat(report.rows()).hasSize(1);
        });
  }

  @Test
  void submitsNothingAnyMoreOnceThatIsForbidden() throws Exception {
    JobPlace place = fresh();
    assertThat(gateway.lock(place)).isTrue();
    assertThat(gateway.lock(place)).isFalse();
    assertThat(gateway.submit(place)).isInstanceOf(SubmitAnswer.Doubtful.class);
    assertThat(gateway.find(place, LONG_AGO)).isEmpty();
    gateway.unlock(place);
    gateway.unlock(place);
    assertThat(gateway.submit(place)).isInstanceOf(SubmitAnswer.Accepted.class);
    gateway.unlock(place);
    assertThat(gateway.submit(place))
        .as("an accepted job is never unlocked")
        .isInstanceOf(SubmitAnswer.Accepted.class);
    assertThat(gateway.find(place, LONG_AGO).orElseThrow().rows()).hasSize(1);
  }

  @Test
  void tellsOfAJobUntilItsEndAndBringsItsOutput() throws Exception {
    JobPlace place = fresh();
    String id = submitted(place);
    JobReport report;
    do {
      pass();
      report =
          JobReport.of(place.slurmName(), gateway.accounting(List.of(id), LONG_AGO)).orElse(null);
    } while (report == null || !report.ended());
    assertThat(report.leading().state()).isEqualTo(SlurmState.COMPLETED);
    assertThat(gateway.marks().get(place.token()))
        .isNotNull()
        .satisfies(marks -> {
          assertThat(marks.started()).containsExactly("");
          assertThat(marks.ended()).containsEntry("", 0);
        });
    RemoteFile output = gateway.stat(place, "contract.out").orElseThrow();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    gateway.fetch(place, output, Long.MAX_VALUE, bytes);
    assertThat(bytes.toString(UTF_8)).isEqualTo("result of " + place.token() + "\n");
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    gateway.fetch(place, output, 3, end);
    assertThat(end.toString(UTF_8)).isEqualTo(bytes.toString(UTF_8).substring(bytes.size() - 3));
    assertThat(gateway.list(place, 100))
        .extracting(RemoteFile::path)
        .contains("src/a.cu", "contract.out");
    assertThat(gateway.queue()).noneMatch(row -> row.id().equals(id));
  }

  @Test
  void cancelsAlsoWhatIsNotThereAnyMore() throws Exception {
    JobPlace place = fresh();
    String id = submitted(place);
    gateway.cancel(id);
    gateway.cancel(id);
    gateway.cancel("99999999");
    JobReport report;
    do {
      report = gateway.find(place, LONG_AGO).orElseThrow();
    } while (!report.ended());
    assertThat(report.leading().state()).isIn(SlurmState.CANCELLED, SlurmState.COMPLETED);
  }

  @Test
  void removesEverythingOfAJob() throws Exception {
    JobPlace place = fresh();
    gateway.remove(place);
    gateway.remove(place);
    assertThat(gateway.list(place, 10)).isEmpty();
    assertThat(gateway.marks()).doesNotContainKey(place.token());
  }

  @Test
  void uploadsAgainWithoutHarm() throws Exception {
    JobPlace place = fresh();
    List<UploadFile> files = List.of(UploadFile.of("src/a.cu", "text".getBytes(UTF_8), 0644));
    gateway.upload(place, files, List.of());
    assertThat(gateway.stat(place, "src/a.cu"))
        .hasValueSatisfying(file -> assertThat(file.size()).isEqualTo(4));
    assertThat(gateway.compiled(place)).isEmpty();
  }
}
