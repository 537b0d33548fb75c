package minik8s.controller.cronjob;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import minik8s.api.CronJob;
import minik8s.api.Failure;
import minik8s.api.Job;
import minik8s.api.ObjectReference;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.controller.Workbench;
import minik8s.controller.owner.Owned;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CronJobReconcilerTest {
  private Workbench bench = new Workbench();
  private Informer<Job> jobs = bench.informer(Resources.JOBS);
  private Informer<CronJob> crons = bench.informer(Resources.CRON_JOBS);

  @BeforeEach
  void wire() {
    wire(bench);
  }

  private void wire(Workbench on) {
    bench = on;
    Index<Job> byOwner = Owned.index();
    jobs = on.informer(Resources.JOBS, byOwner);
    crons = on.informer(Resources.CRON_JOBS);
    on.run(
        queue -> {
          CronJobReconciler.wire(queue, crons, jobs);
          return new CronJobReconciler(
              on.api, crons.lister(), jobs.lister(), byOwner, on.events(), on.timers);
        },
        List.of(jobs, crons));
  }

  private void create(String more) {
    bench.create(
        Resources.CRON_JOBS,
        """
        {'metadata':{'name':'hello'},'spec':{'schedule':'* * * * *'MORE,'jobTemplate':
         {'metadata':{'labels':{'a':'b'}},'spec':{'template':{'spec':{}}}}}}
        """
            .replace("MORE", more));
    bench.settle();
  }

  private List<String> names() {
    return bench.all(Resources.JOBS).stream().map(job -> job.metadata().name()).toList();
  }

  private CronJob.Status status() {
    return bench.get(Resources.CRON_JOBS, "hello").status();
  }

  private void minutes(int count) {
    for (int i = 0; i < count; i++) {
      bench.pass(Duration.ofMinutes(1).plusMillis(200));
    }
  }

  private void finish(String job, boolean well) {
    String now = Json.time(bench.timers.clock().instant());
    String condition =
        "{'type':'%s','status':'True','lastTransitionTime':'%s'}"
            .formatted(well ? "Complete" : "Failed", now);
    String patch =
        "{'status':{'startTime':'%s',%s'conditions':[%s]}}"
            .formatted(now, well ? "'completionTime':'" + now + "'," : "", condition);
    bench.api.patch(
        Resources.JOBS,
        bench.get(Resources.JOBS, job).key(),
        "status",
        PatchType.MERGE,
        Json.parse(patch.replace('\'', '"')));
    bench.settle();
  }

  @Test
  void makesAJobEachMinuteNamedByTheMinute() {
    create("");
    assertThat(names()).isEmpty();
    minutes(2);
    // 2026-01-01T00:01Z is minute 29453761 since the epoch.
    assertThat(names()).containsExactly("hello-29453761", "hello-29453762");
    Job job = bench.get(Resources.JOBS, "hello-29453761");
    assertThat(job.metadata().labels()).containsEntry("a", "b");
    assertThat(job.metadata().annotations())
        .containsEntry("batch.kubernetes.io/cronjob-scheduled-timestamp", "2026-01-01T00:01:00Z");
    assertThat(status().active()).extracting(ObjectReference::name).isEqualTo(names());
    assertThat(status().lastScheduleTime()).isEqualTo("2026-01-01T00:02:00Z");
  }

  @Test
  void takesFinishedJobsOffTheActiveListAndKeepsSoMany() {
    create(",'successfulJobsHistoryLimit':2,'failedJobsHistoryLimit':1");
    for (int i = 0; i < 4; i++) {
      minutes(1);
      finish(names().getLast(), true);
    }
    assertThat(names()).containsExactly("hello-29453763", "hello-29453764");
    assertThat(status().active()).isEmpty();
    assertThat(status().lastSuccessfulTime()).isNotNull();
    for (int i = 0; i < 2; i++) {
      minutes(1);
      finish(names().getLast(), false);
    }
    assertThat(names()).containsExactly("hello-29453763", "hello-29453764", "hello-29453766");
  }

  @Test
  void startsNoneWhileOneRunsUnderForbidAndCatchesUpAfterwards() {
    create(",'concurrencyPolicy':'Forbid'");
    minutes(3);
    assertThat(names()).containsExactly("hello-29453761");
    finish("hello-29453761", true);
    assertThat(names()).containsExactly("hello-29453761", "hello-29453763");
  }

  @Test
  void replacesTheOneThatRuns() {
    create(",'concurrencyPolicy':'Replace'");
    minutes(3);
    assertThat(names()).containsExactly("hello-29453763");
    assertThat(status().active()).hasSize(1);
  }

  @Test
  void makesOneJobForManyMissedTimes() {
    create(",'suspend':true");
    bench.pass(Duration.ofDays(3));
    assertThat(names()).isEmpty();
    bench.change(Resources.CRON_JOBS, "hello", "{'spec':{'suspend':false}}");
    bench.settle();
    assertThat(names()).containsExactly("hello-" + (29453760 + 3 * 24 * 60));
  }

  @Test
  void skipsATimeThatIsTooLongAgo() {
    create(",'suspend':true,'startingDeadlineSeconds':10");
    bench.pass(Duration.ofSeconds(90));
    bench.change(Resources.CRON_JOBS, "hello", "{'spec':{'suspend':false}}");
    bench.settle();
    assertThat(names()).isEmpty();
    bench.pass(Duration.ofSeconds(31));
    assertThat(names()).containsExactly("hello-29453762");
  }

  @Test
  void makesAJobOnceAlthoughItWasKilledBeforeItCouldSaySo() {
    create("");
    AtomicBoolean killed = new AtomicBoolean();
    bench.api.failWhen(write ->
        write.subresource().equals("status") && killed.getAndSet(true)
            ? null
            : write.subresource().equals("status") ? Failure.unavailable("killed") : null);
    bench.timers.advance(Duration.ofSeconds(61));
    bench.catchUp();
    bench.step();
    bench.api.failWhen(null);
    assertThat(names()).hasSize(1);
    wire(bench.restart());
    bench.settle();
    assertThat(names()).containsExactly("hello-29453761");
    assertThat(status().active()).hasSize(1);
  }

  @Test
  void makesAJobOnceOnAStaleCache() {
    create("");
    minutes(1);
    bench.change(Resources.CRON_JOBS, "hello", "{'metadata':{'annotations':{'x':'y'}}}");
    bench.catchUp(crons);
    bench.step();
    assertThat(names()).hasSize(1);
  }

  @Test
  void leavesJobsAloneThatWereMadeByHand() {
    create(",'concurrencyPolicy':'Forbid'");
    String uid = bench.get(Resources.CRON_JOBS, "hello").uid();
    bench.create(
        Resources.JOBS,
        """
        {'metadata':{'name':'manual','annotations':{'cronjob.kubernetes.io/instantiate':'manual'},
         'ownerReferences':[{'apiVersion':'batch/v1','kind':'CronJob','name':'hello','uid':'UID','controller':true}]},
         'spec':{'template':{'spec':{}}}}
        """
            .replace("UID", uid));
    minutes(1);
    assertThat(names()).containsExactly("hello-29453761", "manual");
    assertThat(status().active()).hasSize(1);
  }

  @Test
  void writesNothingAtRest() {
    create("");
    minutes(1);
    bench.api.clearWrites();
    bench.change(Resources.JOBS, "hello-29453761", "{'metadata':{'annotations':{'c':'d'}}}");
    bench.settle();
    assertThat(bench.api.writes()).hasSize(1);
  }
}
