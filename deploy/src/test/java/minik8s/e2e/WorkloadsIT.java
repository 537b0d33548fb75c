package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The controllers that people use besides Deployments, on the manifests of docs/examples. */
@OneByOne
class WorkloadsIT {
  private static final String NAMESPACE = "workloads";
  private static final TestCluster CLUSTER = TestCluster.shared();
  private static final Client KUBECTL =
      Namespaces.fresh(new Clients(CLUSTER).all().getLast(), NAMESPACE);
  private static final Client OURS = new Clients(CLUSTER).ours().in(NAMESPACE);

  /** Everything at once: what one waits for the others need not. */
  @BeforeAll
  static void applyAll() {
    for (String name :
        List.of(
            "cronjob",
            "daemonset",
            "indexed-job",
            "job",
            "job-backoff-limit-per-index",
            "job-failing",
            "job-pod-failure-policy",
            "job-success-policy",
            "replication",
            "statefulset")) {
      KUBECTL.apply(TestCluster.example("workloads/" + name + ".yaml")).ok();
    }
  }

  @AfterAll
  static void remove() {
    KUBECTL.run("delete", "namespace", NAMESPACE, "--wait=false");
  }

  @Test
  void computesPiOnce() {
    complete("pi");
    assertThat(KUBECTL.run("logs", "job/pi").ok().out()).startsWith("3.14159265");
    assertThat(KUBECTL.field("job/pi", "{.status.succeeded}")).isEqualTo("1");
    assertThat(KUBECTL.run("get", "job", "pi").ok().out()).contains("Complete").contains("1/1");
    assertThat(OURS.run("describe", "job", "pi").ok().out())
        .contains("SuccessfulCreate")
        .contains("Completed")
        .contains("Pods Statuses");
  }

  @Test
  void tellsEachPodOfAnIndexedJobItsNumber() {
    complete("indexed-job");
    assertThat(KUBECTL.field("job/indexed-job", "{.status.completedIndexes}")).isEqualTo("0-4");
    String said = KUBECTL.run("logs", "-l", "batch.kubernetes.io/job-name=indexed-job").ok().out();
    assertThat(said.lines()).containsExactlyInAnyOrder("oof", "rab", "zab", "xuq", "zyx");
  }

  @Test
  void failsOnlyTheIndexesThatFail() {
    failed("job-backoff-limit-per-index-example", "FailedIndexes");
    assertThat(
            KUBECTL.field(
                "job/job-backoff-limit-per-index-example",
                "{.status.completedIndexes} {.status.failedIndexes} {.status.failed}"))
        .isEqualTo("1,3 0,2 2");
  }

  @Test
  void givesUpAtOnceOnABugThatThePolicyNames() {
    failed("job-pod-failure-policy-example", "PodFailurePolicy");
    assertThat(
            KUBECTL.field(
                "job/job-pod-failure-policy-example",
                "{.status.conditions[?(@.type=='Failed')].message}"))
        .contains("failed with exit code 42 matching FailJob rule at index 0");
  }

  @Test
  void isContentWithItsLeader() {
    complete("job-success");
    assertThat(KUBECTL.field("job/job-success", "{.status.completedIndexes}")).isEqualTo("0");
    assertThat(reason("job-success", "Complete")).isEqualTo("SuccessPolicy");
  }

  @Test
  void triesTwiceTenSecondsApartAndThenCleansUp() {
    Patience.until(
        "the job to be removed after its end",
        () ->
            KUBECTL.run("get", "job", "failing").exit() != 0
                && KUBECTL
                    .run("get", "pods", "-l", "job-name=failing", "-o", "name")
                    .ok()
                    .out()
                    .isBlank());
    assertThat(
            KUBECTL
                .run(
                    "get",
                    "events",
                    "--field-selector",
                    "involvedObject.kind=Job,involvedObject.name=failing",
                    "-o",
                    "jsonpath={.items[*].reason}")
                .ok()
                .out())
        .contains("BackoffLimitExceeded")
        .containsPattern("SuccessfulCreate.*SuccessfulCreate");
  }

  @Test
  void saysHelloWhenAskedAndEachMinute() {
    OURS.run("create", "job", "--from=cronjob/hello", "hello-now").ok();
    complete("hello-now");
    assertThat(KUBECTL.run("logs", "job/hello-now").ok().out())
        .contains("Hello from the Kubernetes cluster");
    Pattern minute = Pattern.compile("job.batch/hello-[0-9]{8}");
    Patience.until(
        "a minute to strike",
        () -> minute.matcher(KUBECTL.run("get", "jobs", "-o", "name").ok().out()).find());
    assertThat(KUBECTL.field("cronjob/hello", "{.status.lastSuccessfulTime}")).isNotEmpty();
    OURS.run("patch", "cronjob", "hello", "-p", "{\"spec\":{\"suspend\":true}}").ok();
    assertThat(KUBECTL.run("get", "cronjob", "hello").ok().out()).contains("True");
  }

  @Test
  void runsOneCollectorOnEachNodeAndRollsBack() {
    KUBECTL.run("rollout", "status", "ds/fluentd-elasticsearch", "--timeout=100s").ok();
    String nodes = KUBECTL.run("get", "nodes", "-o", "name").ok().out();
    assertThat(KUBECTL.field("ds/fluentd-elasticsearch", "{.status.numberAvailable}"))
        .isEqualTo(Long.toString(nodes.lines().count()));
    OURS.run("rollout", "restart", "ds/fluentd-elasticsearch").ok();
    OURS.run("rollout", "status", "ds/fluentd-elasticsearch", "--timeout=100s").ok();
    assertThat(OURS.run("rollout", "history", "ds/fluentd-elasticsearch").ok().out().lines())
        .anyMatch(line -> line.startsWith("2"));
    OURS.run("rollout", "undo", "ds/fluentd-elasticsearch").ok();
    KUBECTL.run("rollout", "status", "ds/fluentd-elasticsearch", "--timeout=100s").ok();
    assertThat(OURS.run("rollout", "history", "ds/fluentd-elasticsearch").ok().out().lines())
        .anyMatch(line -> line.startsWith("3"))
        .noneMatch(line -> line.startsWith("1"));
  }

  @Test
  void keepsThreeUnderAReplicationController() {
    replicas("rc/nginx", 3);
    KUBECTL.run("scale", "rc", "nginx", "--replicas=1").ok();
    replicas("rc/nginx", 1);
    Patience.until("those that end to be gone", () -> pods("app=nginx-rc").size() == 1);
    String pod = pods("app=nginx-rc").getFirst();
    KUBECTL.run("delete", pod, "--wait=false").ok();
    Patience.until(
        "another in its place",
        () -> !pods("app=nginx-rc").contains(pod) && pods("app=nginx-rc").size() == 1);
    replicas("rc/nginx", 1);
  }

  private static List<String> pods(String selector) {
    return KUBECTL.run("get", "pods", "-l", selector, "-o", "name").ok().out().lines().toList();
  }

  private static void replicas(String object, int count) {
    Patience.until(
        count + " ready pods of " + object,
        () ->
            KUBECTL
                .field(object, "{.status.replicas} {.status.readyReplicas}")
                .equals(count + " " + count));
  }

  @Test
  void keepsNamesAndPagesOfAStatefulSetThroughAnUpdate() {
    KUBECTL.run("rollout", "status", "sts/web", "--timeout=100s").ok();
    assertThat(KUBECTL.run("exec", "web-1", "--", "hostname").ok().out().strip())
        .isEqualTo("web-1");
    for (String pod : List.of("web-0", "web-1")) {
      String write = "echo I am $(hostname) > /usr/share/nginx/html/index.html";
      KUBECTL.run("exec", pod, "--", "sh", "-c", write).ok();
    }
    String before = KUBECTL.field("pod/web-1", "{.metadata.uid}");
    OURS.run("set", "image", "sts/web", "nginx=nginx:1.14.2").ok();
    OURS.run("rollout", "status", "sts/web", "--timeout=100s").ok();
    assertThat(KUBECTL.field("pod/web-1", "{.metadata.uid}")).isNotEqualTo(before);
    assertThat(page("web-1")).isEqualTo("I am web-1");
    OURS.run("rollout", "undo", "sts/web").ok();
    KUBECTL.run("rollout", "status", "sts/web", "--timeout=100s").ok();
    assertThat(KUBECTL.field("pod/web-0", "{.spec.containers[0].image}")).isEqualTo("nginx:1.16.1");
    assertThat(page("web-0")).isEqualTo("I am web-0");
    KUBECTL.run("scale", "sts", "web", "--replicas=1").ok();
    Patience.until("the last one to go", () -> KUBECTL.run("get", "pod", "web-1").exit() != 0);
    assertThat(KUBECTL.run("get", "pvc", "-o", "name").ok().out().lines())
        .containsExactly("persistentvolumeclaim/www-web-0", "persistentvolumeclaim/www-web-1");
  }

  private static String page(String pod) {
    return KUBECTL
        .run("exec", pod, "--", "cat", "/usr/share/nginx/html/index.html")
        .ok()
        .out()
        .strip();
  }

  private static void complete(String job) {
    KUBECTL.run("wait", "--for=condition=complete", "job/" + job, "--timeout=100s").ok();
  }

  private static void failed(String job, String reason) {
    KUBECTL.run("wait", "--for=condition=failed", "job/" + job, "--timeout=100s").ok();
    assertThat(reason(job, "Failed")).isEqualTo(reason);
  }

  private static String reason(String job, String condition) {
    return KUBECTL.field(
        "job/" + job, "{.status.conditions[?(@.type=='" + condition + "')].reason}");
  }
}
