package minik8s.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SbatchScriptTest {
  private static final JobPlace PLACE =
      new JobPlace("/home/hpc/minik8s", "default", "add", "0b5c", 1);

  private static GpuJob job(String spec) {
    return Json.read(
        "{\"metadata\":{\"name\":\"add\",\"namespace\":\"default\",\"uid\":\"0b5c\"},\"spec\":"
            + spec
            + "}",
        GpuJob.class);
  }

  private static JobCheck.Outcome check(String spec, SlurmCluster.@Nullable Spec cluster) {
    return JobCheck.of(job(spec), cluster);
  }

  private static JobSettings settings(String spec) {
    return ((JobCheck.Outcome.Valid) check(spec, null)).settings();
  }

  private static List<String> problems(String spec, SlurmCluster.@Nullable Spec cluster) {
    return ((JobCheck.Outcome.Invalid) check(spec, cluster)).problems();
  }

  private static SlurmCluster.Spec sjtu() {
    return Json.read(
        """
        {"host":"login","credentialsSecretRef":{"name":"a","namespace":"b"},"defaultPartition":"dgx2",
         "allowedPartitions":["dgx2","a100"],"accounts":["acct-stu"],"modules":["gcc"],
         "limits":[{"partition":"dgx2","cpusPerGpu":6,"maxGpus":16,"maxTime":"7-0"},{"partition":"a100","cpusPerGpu":16,"qos":"debug"}]}\
        """,
        SlurmCluster.Spec.class);
  }

  @Test
  void rendersEveryOption() {
    String script =
        SbatchScript.render(
            settings(
                """
                {"clusterName":"c","compileOn":"job","compileScripts":["nvcc a.cu -o a"],"runScripts":["./a"],"slurm":{
                 "partition":"dgx2","account":"acct","qos":"normal","nodes":2,"ntasksPerNode":3,"cpusPerTask":4,"gres":"gpu:v100:2",
                 "memory":"16Gi","time":"1-02:03:04","array":"0-9%2","dependency":"afterok:17","constraint":"a&b","exclusive":true,
                 "modules":["cuda/12.1"],"mail":{"user":"me@x.org"}}}\
                """),
            PLACE);
    assertThat(script)
        .startsWith("#!/bin/bash\n#SBATCH --job-name=\"add-0b5c-1\"\n")
        .contains(
            "#SBATCH --comment=\"minik8s:default/add:0b5c:1\"\n",
            "#SBATCH --no-requeue\n",
            "#SBATCH --output=\"/home/hpc/minik8s/default/add.0b5c/1/work/add-%a.out\"\n",
            "#SBATCH --partition=\"dgx2\"\n",
            "#SBATCH --account=\"acct\"\n",
            "#SBATCH --qos=\"normal\"\n",
            "#SBATCH --nodes=\"2\"\n",
            "#SBATCH --ntasks-per-node=\"3\"\n",
            "#SBATCH --cpus-per-task=\"4\"\n",
            "#SBATCH --gres=\"gpu:v100:2\"\n",
            "#SBATCH --mem=\"16G\"\n",
            "#SBATCH --time=\"1-02:03:04\"\n",
            "#SBATCH --array=\"0-9%2\"\n",
            "#SBATCH --dependency=\"afterok:17\"\n",
            "#SBATCH --constraint=\"a&b\"\n",
            "#SBATCH --exclusive\n",
            "#SBATCH --mail-user=\"me@x.org\"\n",
            "#SBATCH --mail-type=\"END,FAIL\"\n",
            "\nset -euo pipefail\n",
            "module load 'cuda/12.1'\n");
    assertThat(script.indexOf("nvcc a.cu"))
        .isBetween(script.indexOf("# compile"), script.indexOf("# run"));
    assertThat(script).doesNotContain("\r");
  }

  @Test
  void mapsTheEarlierFieldsAndSaysSo() {
    JobSettings settings =
        settings(
            "{\"clusterName\":\"c\",\"runScripts\":[\"./a\"],\"numProcess\":2,\"numTasksPerNode\":3,\"cpusPerTask\":6,\"numGpus\":1,\"workDir\":\"x\",\"volume\":\"/v\"}");
    assertThat(settings.nodes()).isEqualTo(2);
    assertThat(settings.ntasksPerNode()).isEqualTo(3);
    assertThat(settings.cpusPerTask()).isEqualTo(6);
    assertThat(settings.gres()).isEqualTo("gpu:1");
    assertThat(settings.warnings())
        .hasSize(6)
        .anyMatch(text -> text.contains("spec.numGpus is an earlier name of spec.slurm.gpus"));
  }

  @Test
  void readsThePolicyOfAttemptsUnderItsEarlierNameToo() {
    String head = "{\"clusterName\":\"c\",\"runScripts\":[\"./a\"],\"retryPolicy\":{\"limit\":1";
    assertThat(job(head + "}}").spec().retryPolicy().ends())
        .containsExactly("NODE_FAIL", "BOOT_FAIL", "PREEMPTED");
    String states = head + ",\"states\":[\"TIMEOUT\"]}}";
    assertThat(job(states).spec().retryPolicy().ends()).containsExactly("TIMEOUT");
    assertThat(settings(states).warnings()).isEmpty();
    // YAML 1.1 reads a bare "on" as a truth value, and kubectl sends that as the key "true".
    for (String name : List.of("on", "true")) {
      String earlier = head + ",\"" + name + "\":[\"FAILED\"]}}";
      assertThat(job(earlier).spec().retryPolicy().ends()).containsExactly("FAILED");
      assertThat(settings(earlier).warnings())
          .containsExactly("spec.retryPolicy.on is an earlier name of spec.retryPolicy.states");
      String both = head + ",\"" + name + "\":[\"FAILED\"],\"states\":[\"TIMEOUT\"]}}";
      assertThat(job(both).spec().retryPolicy().ends()).containsExactly("TIMEOUT");
      assertThat(settings(both).warnings()).singleElement().asString().endsWith(", which wins");
    }
  }

  @Test
  void keepsToTheRulesOfAPartition() {
    String head = "{\"clusterName\":\"c\",\"runScripts\":[\"./a\"],\"slurm\":";
    JobCheck.Outcome good = check(head + "{\"gpus\":2}}", sjtu());
    JobSettings settings = ((JobCheck.Outcome.Valid) good).settings();
    assertThat(settings.partition()).isEqualTo("dgx2");
    assertThat(settings.account()).isEqualTo("acct-stu");
    assertThat(settings.cpusPerTask()).isEqualTo(12);
    assertThat(settings.modules()).containsExactly("gcc");
    assertThat(problems(head + "{\"gpus\":1,\"cpusPerTask\":7}}", sjtu()))
        .singleElement()
        .asString()
        .contains("allows 6 CPUs per GPU");
    assertThat(
            problems(
                head
                    + "{\"gpus\":17,\"partition\":\"dgx2\",\"time\":\"8-0\",\"account\":\"other\"}}",
                sjtu()))
        .hasSize(3);
    assertThat(problems(head + "{\"partition\":\"cpu\"}}", sjtu()))
        .singleElement()
        .asString()
        .contains("dgx2, a100");
    assertThat(
            ((JobCheck.Outcome.Valid) check(head + "{\"partition\":\"a100\",\"gpus\":1}}", sjtu()))
                .settings()
                .qos())
        .isEqualTo("debug");
  }

  @Test
  void countsGpusOfAnyNotation() {
    assertThat(JobCheck.gpus("gpu")).isEqualTo(1);
    assertThat(JobCheck.gpus("gpu:4")).isEqualTo(4);
    assertThat(JobCheck.gpus("gpu:v100")).isEqualTo(1);
    assertThat(JobCheck.gpus("gpu:nvidia_a100_1g.5gb:3,shard:2")).isEqualTo(3);
    assertThat(JobCheck.gpus("license:2,gpu:2")).isEqualTo(2);
  }

  @Test
  void refusesWhatCouldLeaveAPathOrALine() {
    for (String bad :
        List.of("..", "a/../b", "/etc", "a\nb", "$(x)", "a;b", "a'b", "a\"b", "a`b", "")) {
      assertThat(Allowed.FILE.holds(bad)).as(bad).isFalse();
      assertThat(Allowed.OUTPUT.holds(bad)).as(bad).isFalse();
      assertThat(Allowed.GLOB.holds(bad)).as(bad).isFalse();
      assertThat(Allowed.WORD.holds(bad)).as(bad).isEqualTo(bad.equals(".."));
    }
    assertThatThrownBy(() -> new JobPlace("/home/$x", "a", "b", "c", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsTimesAsSlurmDoes() {
    assertThat(SlurmTime.parse("90")).hasMinutes(90);
    assertThat(SlurmTime.parse("1:30")).hasSeconds(90);
    assertThat(SlurmTime.parse("1:00:00")).hasHours(1);
    assertThat(SlurmTime.parse("2-0")).hasDays(2);
    assertThat(SlurmTime.parse("1-12:30")).hasMinutes(36 * 60 + 30);
  }

  @Test
  void runsOncePerAttemptAndMarksItsEnd(@TempDir Path home)
      throws IOException, InterruptedException {
    JobPlace place = new JobPlace(home + "/base", "default", "add", "0b5c", 1);
    Files.createDirectories(Path.of(place.work()));
    Files.createDirectories(Path.of(place.marks()));
    Path script = home.resolve("job.sh");
    Files.writeString(
        script,
        SbatchScript.render(
            settings(
                "{\"clusterName\":\"c\",\"runScripts\":[\"echo x >>ran\",\"trap 'echo mine' EXIT\",\"exit 3\"]}"),
            place));
    assertThat(run(script, "41")).isEqualTo(3);
    assertThat(run(script, "42")).as("another job").isZero();
    assertThat(run(script, "41")).as("the same job, requeued").isEqualTo(3);
    assertThat(Path.of(place.work(), "ran")).hasContent("x\nx");
    assertThat(Path.of(place.marks()).toFile().list())
        .containsExactlyInAnyOrder("0b5c-1.start", "0b5c-1.end-3");
  }

  @Test
  void stopsAtTheFirstLineThatFails(@TempDir Path home) throws IOException, InterruptedException {
    JobPlace place = new JobPlace(home + "/base", "default", "add", "0b5c", 1);
    Files.createDirectories(Path.of(place.work()));
    Files.createDirectories(Path.of(place.marks()));
    Path script = home.resolve("job.sh");
    Files.writeString(
        script,
        SbatchScript.render(
            settings(
                "{\"clusterName\":\"c\",\"compileOn\":\"job\",\"compileScripts\":[\"false\"],\"runScripts\":[\"touch ran\"]}"),
            place));
    assertThat(run(script, "41")).isEqualTo(1);
    assertThat(Path.of(place.work(), "ran")).doesNotExist();
  }

  private static int run(Path script, String job) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", script.toString());
    builder.environment().put("SLURM_JOB_ID", job);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
