package minik8s.controller.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import minik8s.api.Condition;
import minik8s.api.Failure;
import minik8s.api.Job;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.controller.Workbench;
import minik8s.testing.FakeApi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class JobReconcilerTest {
  private final FakeApi told = new FakeApi();
  private Workbench bench = new Workbench();
  private Informer<Job> jobs = bench.informer(Resources.JOBS);

  @BeforeEach
  void wire() {
    wire(bench);
  }

  private void wire(Workbench on) {
    bench = on;
    Index<Job> byNamespace = Index.byNamespace();
    jobs = on.informer(Resources.JOBS, byNamespace);
    on.run(
        queue -> {
          JobReconciler reconciler =
              new JobReconciler(
                  on.api,
                  jobs.lister(),
                  on.pods.lister(),
                  on.podsByOwner,
                  on.podsByJob,
                  on.events(told),
                  on.timers);
          JobTriggers.wire(queue, reconciler, jobs, byNamespace, on.pods);
          return reconciler;
        },
        List.of(jobs));
  }

  private Job create(String spec) {
    return bench.create(
        Resources.JOBS,
        """
        {'metadata':{'name':'pi'},'spec':{SPEC'selector':{'matchLabels':{'job':'pi'}},
         'template':{'metadata':{'labels':{'job':'pi'}},
         'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'one'}]}}}}
        """
            .replace("SPEC", spec.isEmpty() ? "" : spec + ","));
  }

  private Job.Status status() {
    return bench.get(Resources.JOBS, "pi").status();
  }

  private String condition(String type) {
    Condition condition = Condition.find(status().conditions(), type);
    return condition == null ? "" : condition.status() + " " + condition.reason();
  }

  private List<Pod> active() {
    return bench.activePods();
  }

  private void succeedAll() {
    active().forEach(bench::succeed);
    bench.settle();
  }

  private void failOne() {
    bench.fail(active().getFirst());
    bench.settle();
  }

  @Test
  void runsOnePodAndCompletes() {
    create("'completions':1");
    bench.settle();
    assertThat(active()).hasSize(1);
    assertThat(active().getFirst().metadata().finalizers())
        .containsExactly("batch.kubernetes.io/job-tracking");
    assertThat(status().active()).isEqualTo(1);
    assertThat(status().startTime()).isNotNull();
    succeedAll();
    assertThat(status().succeeded()).isEqualTo(1);
    assertThat(status().active()).isZero();
    assertThat(status().completionTime()).isNotNull();
    assertThat(status().uncounted()).isEqualTo(new Job.Uncounted(List.of(), List.of()));
    assertThat(condition("SuccessCriteriaMet")).isEqualTo("True CompletionsReached");
    assertThat(condition("Complete")).isEqualTo("True CompletionsReached");
    assertThat(bench.pods()).allMatch(pod -> pod.metadata().finalizers().isEmpty());
  }

  @Test
  void runsSoManyAtOnceUntilSoManySucceeded() {
    create("'completions':5,'parallelism':2");
    bench.settle();
    assertThat(active()).hasSize(2);
    succeedAll();
    assertThat(active()).hasSize(2);
    succeedAll();
    assertThat(active()).hasSize(1);
    succeedAll();
    assertThat(status().succeeded()).isEqualTo(5);
    assertThat(condition("Complete")).startsWith("True");
    assertThat(bench.pods()).hasSize(5);
  }

  @Test
  void letsTheOthersEndOnceOneOfAWorkQueueHasSucceeded() {
    create("'parallelism':3");
    bench.settle();
    assertThat(active()).hasSize(3);
    bench.succeed(active().getFirst());
    bench.settle();
    assertThat(active()).hasSize(2);
    assertThat(condition("Complete")).isEmpty();
    succeedAll();
    assertThat(condition("Complete")).startsWith("True");
    assertThat(status().succeeded()).isEqualTo(3);
  }

  @Test
  void waitsLongerAfterEachFailureAndGivesUpAtTheLimit() {
    create("'completions':1,'backoffLimit':2");
    bench.settle();
    failOne();
    assertThat(active()).isEmpty();
    bench.pass(Duration.ofSeconds(9));
    assertThat(active()).isEmpty();
    bench.pass(Duration.ofSeconds(2));
    assertThat(active()).hasSize(1);
    failOne();
    bench.pass(Duration.ofSeconds(19));
    assertThat(active()).isEmpty();
    bench.pass(Duration.ofSeconds(2));
    failOne();
    assertThat(status().failed()).isEqualTo(3);
    assertThat(condition("FailureTarget")).isEqualTo("True BackoffLimitExceeded");
    assertThat(condition("Failed")).isEqualTo("True BackoffLimitExceeded");
    bench.pass(Duration.ofMinutes(20));
    assertThat(active()).isEmpty();
  }

  @Test
  void countsRestartsUnderOnFailure() {
    create("'completions':1,'backoffLimit':2");
    bench.change(
        Resources.JOBS, "pi", "{'spec':{'template':{'spec':{'restartPolicy':'OnFailure'}}}}");
    bench.settle();
    bench.start(active().getFirst());
    ObjectNode status = Json.object().put("phase", "Running");
    status
        .putArray("containerStatuses")
        .addObject()
        .put("name", "c")
        .put("restartCount", 2)
        .putObject("state")
        .putObject("running");
    bench.report(active().getFirst(), status);
    bench.settle();
    assertThat(condition("FailureTarget")).isEqualTo("True BackoffLimitExceeded");
    assertThat(active()).isEmpty();
  }

  @Test
  void givesEachIndexAPodUntilItSucceeds() {
    create("'completions':3,'parallelism':3,'completionMode':'Indexed'");
    bench.settle();
    assertThat(active()).extracting(JobPods::index).containsExactlyInAnyOrder(0, 1, 2);
    Pod second = active().stream().filter(pod -> JobPods.index(pod) == 1).findFirst().orElseThrow();
    assertThat(second.spec().hostname()).isEqualTo("pi-1");
    assertThat(
            bench
                .api
                .document(Resources.PODS, second.key())
                .at("/spec/containers/0/env/0/valueFrom/fieldRef/fieldPath")
                .asString(""))
        .isEqualTo("metadata.annotations['batch.kubernetes.io/job-completion-index']");
    active().stream().filter(pod -> JobPods.index(pod) != 1).forEach(bench::succeed);
    bench.settle();
    assertThat(status().completedIndexes()).isEqualTo("0,2");
    bench.fail(second);
    bench.settle();
    bench.pass(Duration.ofSeconds(11));
    assertThat(active()).extracting(JobPods::index).containsExactly(1);
    succeedAll();
    assertThat(status().completedIndexes()).isEqualTo("0-2");
    assertThat(status().succeeded()).isEqualTo(3);
    assertThat(status().failed()).isEqualTo(1);
    assertThat(condition("Complete")).startsWith("True");
  }

  @Test
  void failsIndexesOnTheirOwnAndTheJobWithThem() {
    create(
        "'completions':3,'parallelism':3,'completionMode':'Indexed','backoffLimit':99,'backoffLimitPerIndex':1,'maxFailedIndexes':2");
    bench.settle();
    for (int round = 0; round < 2; round++) {
      active().stream().filter(pod -> JobPods.index(pod) == 0).forEach(bench::fail);
      bench.settle();
      bench.pass(Duration.ofSeconds(11));
    }
    assertThat(status().failedIndexes()).isEqualTo("0");
    assertThat(active()).extracting(JobPods::index).containsExactlyInAnyOrder(1, 2);
    succeedAll();
    assertThat(status().completedIndexes()).isEqualTo("1,2");
    assertThat(condition("Failed")).isEqualTo("True FailedIndexes");
    assertThat(status().failed()).isEqualTo(2);
  }

  @Test
  void stopsWhenTooManyIndexesFailed() {
    create(
        "'completions':4,'parallelism':4,'completionMode':'Indexed','backoffLimit':99,'backoffLimitPerIndex':0,'maxFailedIndexes':1");
    bench.settle();
    active().stream().filter(pod -> JobPods.index(pod) < 2).forEach(bench::fail);
    bench.runToRest((_, _) -> null);
    assertThat(condition("Failed")).isEqualTo("True MaxFailedIndexesExceeded");
    assertThat(active()).isEmpty();
  }

  @Test
  void succeedsByPolicyBeforeAllIndexesDid() {
    create(
        "'completions':3,'parallelism':3,'completionMode':'Indexed','successPolicy':{'rules':[{'succeededIndexes':'0,2','succeededCount':1}]}");
    bench.settle();
    active().stream().filter(pod -> JobPods.index(pod) == 1).forEach(bench::succeed);
    bench.settle();
    assertThat(condition("SuccessCriteriaMet")).isEmpty();
    active().stream().filter(pod -> JobPods.index(pod) == 2).forEach(bench::succeed);
    bench.runToRest((_, _) -> null);
    assertThat(condition("SuccessCriteriaMet")).isEqualTo("True SuccessPolicy");
    assertThat(condition("Complete")).isEqualTo("True SuccessPolicy");
    assertThat(active()).isEmpty();
    assertThat(status().completedIndexes()).isEqualTo("1,2");
  }

  private static final String POLICY =
      "'completions':4,'parallelism':4,'backoffLimit':6,'podReplacementPolicy':'Failed','podFailurePolicy':{'rules':[{'action':'FailJob','onExitCodes':{'containerName':'c','operator':'In','values':[42]}},{'action':'Ignore','onPodConditions':[{'type':'DisruptionTarget'}]}]}";

  @Test
  void failsAtOnceOnAnExitCodeThatThePolicyNames() {
    create(POLICY);
    bench.settle();
    active().forEach(bench::start);
    Pod bad = active().getFirst();
    bench.end(bad, "Failed", 42);
    bench.settle();
    assertThat(condition("FailureTarget")).isEqualTo("True PodFailurePolicy");
    assertThat(condition("Failed")).as("while pods still end").isEmpty();
    Condition target = Condition.find(status().conditions(), "FailureTarget");
    assertThat(target).isNotNull();
    assertThat(target.message())
        .isEqualTo(
            "Container c for pod default/"
                + bad.metadata().name()
                + " failed with exit code 42 matching FailJob rule at index 0");
    bench.runToRest((_, _) -> null);
    assertThat(condition("Failed")).isEqualTo("True PodFailurePolicy");
  }

  @Test
  void countsNoFailureThatThePolicyIgnores() {
    create(POLICY);
    bench.settle();
    Pod evicted = active().getFirst();
    ObjectNode status = Json.object().put("phase", "Failed");
    status.putArray("conditions").addObject().put("type", "DisruptionTarget").put("status", "True");
    bench.report(evicted, status);
    bench.settle();
    assertThat(status().failed()).isZero();
    assertThat(active()).hasSize(4);
    assertThat(bench.pod(evicted.metadata().name()).metadata().finalizers()).isEmpty();
    bench.end(active().getFirst(), "Failed", 1);
    bench.settle();
    assertThat(status().failed()).isEqualTo(1);
  }

  @Test
  void replacesATerminatingPodAtOnceUnlessAskedToWait() {
    create("'completions':1,'podReplacementPolicy':'TerminatingOrFailed'");
    bench.settle();
    Pod pod = active().getFirst();
    bench.start(pod);
    bench.api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    bench.settle();
    bench.pass(Duration.ofSeconds(11));
    assertThat(active()).hasSize(1);
    assertThat(status().failed()).isEqualTo(1);
  }

  @Test
  void waitsForTheEndUnderPolicyFailed() {
    create("'completions':1,'podReplacementPolicy':'Failed'");
    bench.settle();
    Pod pod = active().getFirst();
    bench.start(pod);
    bench.api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    bench.settle();
    bench.pass(Duration.ofMinutes(1));
    assertThat(active()).isEmpty();
    assertThat(status().terminating()).isEqualTo(1);
    assertThat(status().failed()).isZero();
    bench.fail(pod);
    bench.settle();
    bench.pass(Duration.ofSeconds(11));
    assertThat(active()).hasSize(1);
    assertThat(status().failed()).isEqualTo(1);
  }

  @Test
  void endsAtItsDeadline() {
    create("'completions':1,'activeDeadlineSeconds':30");
    bench.settle();
    bench.pass(Duration.ofSeconds(29));
    assertThat(active()).hasSize(1);
    bench.pass(Duration.ofSeconds(2));
    bench.runToRest((_, _) -> null);
    assertThat(condition("Failed")).isEqualTo("True DeadlineExceeded");
    assertThat(bench.activePods()).isEmpty();
  }

  @Test
  void standsStillWhileSuspendedAndStartsItsClockAnewAfterwards() {
    create("'completions':2,'parallelism':2,'suspend':true");
    bench.settle();
    assertThat(bench.pods()).isEmpty();
    assertThat(condition("Suspended")).isEqualTo("True JobSuspended");
    assertThat(status().startTime()).isNull();
    bench.change(Resources.JOBS, "pi", "{'spec':{'suspend':false}}");
    bench.settle();
    assertThat(active()).hasSize(2);
    assertThat(condition("Suspended")).isEqualTo("False JobResumed");
    assertThat(status().startTime()).isNotNull();
    bench.change(Resources.JOBS, "pi", "{'spec':{'suspend':true}}");
    bench.runToRest((_, _) -> null);
    assertThat(bench.pods()).isEmpty();
    assertThat(status().failed()).as("pods that it took away itself").isZero();
  }

  @Test
  void takesPodsAwayWhenParallelismShrinks() {
    create("'completions':5,'parallelism':4");
    bench.settle();
    bench.change(Resources.JOBS, "pi", "{'spec':{'parallelism':1}}");
    bench.runToRest((_, _) -> null);
    assertThat(active()).hasSize(1);
    assertThat(status().failed()).isZero();
  }

  @Test
  void leavesItsPodsForSomebodyElseToManage() {
    create("'completions':1,'managedBy':'example.com/other'");
    bench.settle();
    assertThat(bench.pods()).isEmpty();
  }

  @Test
  void holdsNoPodForAJobThatIsGone() {
    Job job = create("'completions':2,'parallelism':2");
    bench.settle();
    bench.succeed(active().getFirst());
    bench.api.delete(Resources.JOBS, job.key(), DeleteOptions.ofUid(job.uid()));
    bench.settle();
    assertThat(bench.pods()).allMatch(pod -> pod.metadata().finalizers().isEmpty());
  }

  @Test
  void tellsOfItsEndOnce() {
    create("'completions':1");
    bench.settle();
    succeedAll();
    bench.settle();
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < 200 && !reasons.contains("Completed"); i++) {
      reasons.clear();
      told.list(Resources.EVENTS, ListOptions.ALL)
          .items()
          .forEach(event -> reasons.add(event.reason()));
      Thread.onSpinWait();
    }
    assertThat(reasons).filteredOn("Completed"::equals).hasSizeLessThanOrEqualTo(1);
  }

  /** Lagging caches, kills between any two writes, and pods that end as they like. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void countsEachEndExactlyOnceWhateverHappens(long seed) {
    Random random = new Random(seed);
    boolean indexed = random.nextBoolean();
    create(
        "'completions':6,'parallelism':3,'backoffLimit':1000,'completionMode':'"
            + (indexed ? "Indexed" : "NonIndexed")
            + "'");
    Set<String> succeeded = new HashSet<>();
    Set<String> failed = new HashSet<>();
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(12)) {
        case 0, 1 -> bench.catchUp(jobs);
        case 2, 3 -> bench.catchUp(bench.pods);
        case 4 -> {
          int writes = random.nextInt(4);
          int[] count = {0};
          bench.api.failWhen(_ -> count[0]++ >= writes ? Failure.unavailable("killed") : null);
          bench.step();
          bench.api.failWhen(null);
          wire(bench.restart());
        }
        case 5 -> bench.timers.advance(Duration.ofSeconds(random.nextInt(30)));
        case 6 -> end(random, true, succeeded);
        case 7 -> end(random, false, failed);
        default -> bench.step();
      }
      assertThat(bench.activePods().size())
          .as("seed %d step %d", seed, step)
          .isLessThanOrEqualTo(3);
      assertThat(status().failed()).isLessThanOrEqualTo(failed.size());
    }
    for (int round = 0; round < 60 && condition("Complete").isEmpty(); round++) {
      bench.pass(Duration.ofMinutes(11));
      active()
          .forEach(pod -> {
            succeeded.add(pod.uid());
            bench.succeed(pod);
          });
    }
    bench.settle();
    assertThat(condition("Complete")).as("seed %d", seed).startsWith("True");
    assertThat(status().succeeded()).as("seed %d", seed).isEqualTo(indexed ? 6 : succeeded.size());
    assertThat(status().failed()).as("seed %d", seed).isEqualTo(failed.size());
    assertThat(bench.pods()).as("no pod too many").hasSize(6 + failed.size());
    assertThat(bench.pods()).allMatch(pod -> pod.metadata().finalizers().isEmpty());
  }

  private void end(Random random, boolean well, Set<String> ended) {
    List<Pod> active = active();
    if (!active.isEmpty()) {
      Pod pod = active.get(random.nextInt(active.size()));
      // A pod that the job has given up already counts for nothing.
      if (JobPods.tracked(pod)) {
        ended.add(pod.uid());
      }
      if (well) {
        bench.succeed(pod);
      } else {
        bench.fail(pod);
      }
    }
  }
}
