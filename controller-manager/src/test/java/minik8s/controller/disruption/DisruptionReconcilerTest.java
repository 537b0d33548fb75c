package minik8s.controller.disruption;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import minik8s.api.Condition;
import minik8s.api.Deployment;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.PodDisruptionBudget;
import minik8s.api.ReplicaSet;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;
import minik8s.controller.scale.Scales;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class DisruptionReconcilerTest {
  private static final ObjectKey KEY = new ObjectKey("default", "guard");
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final Index<Pod> podsByNamespace = Index.byNamespace();
  private final Index<PodDisruptionBudget> budgetsByNamespace = Index.byNamespace();
  private final Informer<Pod> pods =
      new Informer<>(Resources.PODS, ListOptions.ALL, List.of(podsByNamespace));
  private final Informer<PodDisruptionBudget> budgets =
      new Informer<>(
          Resources.POD_DISRUPTION_BUDGETS, ListOptions.ALL, List.of(budgetsByNamespace));
  private final Informer<ReplicaSet> sets =
      new Informer<>(Resources.REPLICA_SETS, ListOptions.ALL, List.of());
  private final Informer<Deployment> deployments =
      new Informer<>(Resources.DEPLOYMENTS, ListOptions.ALL, List.of());
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
  private final ControlLoop loop;
  private final List<Feed<?>> feeds;

  DisruptionReconcilerTest() {
    DisruptionReconciler.wire(queue, budgets, budgetsByNamespace, pods);
    loop =
        new ControlLoop(
            "disruption",
            queue,
            new DisruptionReconciler(
                api,
                budgets.lister(),
                pods.lister(),
                podsByNamespace,
                sets.lister(),
                deployments.lister(),
                new Scales(api),
                new EventRecorder(new FakeApi(), "test", "", timers),
                timers),
            LoopMetrics.NONE);
    feeds =
        List.of(
            new Feed<>(api, deployments),
            new Feed<>(api, sets),
            new Feed<>(api, budgets),
            new Feed<>(api, pods));
  }

  private void settle() {
    boolean busy = true;
    while (busy) {
      feeds.forEach(Feed::catchUp);
      busy = loop.step();
    }
  }

  private void budget(String spec) {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", "guard");
    ObjectNode body = document.putObject("spec");
    body.setAll((ObjectNode) Json.parse(spec.replace('\'', '"')));
    body.putObject("selector").putObject("matchLabels").put("app", "web");
    api.create(Resources.POD_DISRUPTION_BUDGETS, "default", document);
  }

  private void pod(String name, boolean ready, String ownerKind, String ownerName, String uid) {
    Pods pod = Pods.pod(name).label("app", "web").node("n");
    ObjectNode document = (ready ? pod.running() : pod.phase("Running")).document();
    if (!ownerKind.isEmpty()) {
      ((ObjectNode) document.path("metadata"))
          .putArray("ownerReferences")
          .addObject()
          .put("apiVersion", "apps/v1")
          .put("kind", ownerKind)
          .put("name", ownerName)
          .put("uid", uid)
          .put("controller", true);
    }
    api.create(Resources.PODS, "default", document);
  }

  private PodDisruptionBudget.Status status() {
    return api.get(Resources.POD_DISRUPTION_BUDGETS, KEY).status();
  }

  @Test
  void allowsWhatIsAboveANumber() {
    budget("{'minAvailable':2}");
    for (int i = 0; i < 3; i++) {
      pod("p" + i, true, "", "", "");
    }
    settle();
    assertThat(status().disruptionsAllowed()).isEqualTo(1);
    assertThat(status().currentHealthy()).isEqualTo(3);
    assertThat(status().desiredHealthy()).isEqualTo(2);
    assertThat(status().expectedPods()).isEqualTo(3);
    assertThat(status().observedGeneration()).isEqualTo(1);
    Condition allowed = Condition.find(status().conditions(), "DisruptionAllowed");
    assertThat(allowed).isNotNull();
    assertThat(allowed.reason()).isEqualTo("SufficientPods");
    api.clearWrites();
    queue.add(KEY);
    settle();
    assertThat(api.writes()).isEmpty();
  }

  @Test
  void asksTheDeploymentHowManyThereShouldBe() {
    ObjectNode deployment = Json.object();
    deployment.putObject("metadata").put("name", "web");
    deployment.putObject("spec").put("replicas", 4);
    String owner = api.create(Resources.DEPLOYMENTS, "default", deployment).uid();
    ObjectNode set = Json.object();
    set.putObject("metadata")
        .put("name", "web-1")
        .putArray("ownerReferences")
        .addObject()
        .put("kind", "Deployment")
        .put("name", "web")
        .put("uid", owner)
        .put("controller", true);
    set.putObject("spec").put("replicas", 3);
    String uid = api.create(Resources.REPLICA_SETS, "default", set).uid();
    budget("{'maxUnavailable':'25%'}");
    for (int i = 0; i < 4; i++) {
      pod("p" + i, i > 0, "ReplicaSet", "web-1", uid);
    }
    settle();
    assertThat(status().expectedPods()).isEqualTo(4);
    assertThat(status().desiredHealthy()).isEqualTo(3);
    assertThat(status().disruptionsAllowed()).isZero();
    Condition allowed = Condition.find(status().conditions(), "DisruptionAllowed");
    assertThat(allowed).isNotNull();
    assertThat(allowed.reason()).isEqualTo("InsufficientPods");
  }

  @Test
  void asksAnyOwnerThroughItsScale() {
    api.answerRaw(path ->
        switch (path) {
          case "/apis/apps/v1" ->
              Json.parse(
                  "{\"resources\":[{\"name\":\"widgets\",\"kind\":\"Widget\",\"namespaced\":true}]}");
          case "/apis/apps/v1/namespaces/default/widgets/w/scale" ->
              Json.parse("{\"spec\":{\"replicas\":10}}");
          default -> null;
        });
    budget("{'minAvailable':'50%'}");
    for (int i = 0; i < 6; i++) {
      pod("p" + i, true, "Widget", "w", "u");
    }
    settle();
    assertThat(status().expectedPods()).isEqualTo(10);
    assertThat(status().disruptionsAllowed()).isEqualTo(1);
  }

  @Test
  void allowsNothingWhileItCannotTell() {
    budget("{'maxUnavailable':1}");
    pod("p", true, "Unheard", "x", "u");
    settle();
    Condition allowed = Condition.find(status().conditions(), "DisruptionAllowed");
    assertThat(allowed).isNotNull();
    assertThat(allowed.reason()).isEqualTo("SyncFailed");
    assertThat(allowed.message()).contains("found no controllers for pod \"p\"");
    assertThat(status().disruptionsAllowed()).isZero();
  }

  @Test
  void countsEvictedPodsAsGoneUntilTheyAreOverdue() {
    budget("{'minAvailable':1}");
    pod("a", true, "", "", "");
    pod("b", true, "", "", "");
    settle();
    ObjectNode evicted = Json.object();
    evicted
        .putObject("status")
        .put("disruptionsAllowed", 0)
        .putObject("disruptedPods")
        .put("a", "2026-01-01T00:00:00Z")
        .put("gone", "2026-01-01T00:00:00Z");
    api.patch(Resources.POD_DISRUPTION_BUDGETS, KEY, "status", PatchType.MERGE, evicted);
    settle();
    assertThat(status().disruptedPods()).containsOnlyKeys("a");
    assertThat(status().disruptionsAllowed()).isZero();
    timers.advance(Duration.ofMinutes(3));
    settle();
    assertThat(status().disruptedPods()).isEmpty();
    assertThat(status().disruptionsAllowed()).isEqualTo(1);
  }

  @Test
  void triesAgainWhenItsWriteIsRefused() {
    budget("{'minAvailable':1}");
    pod("a", true, "", "", "");
    api.failWhen(write -> write.subresource().equals("status") ? Failure.unavailable("no") : null);
    settle();
    assertThat(status().observedGeneration()).isZero();
    api.failWhen(null);
    timers.advance(Duration.ofSeconds(1));
    settle();
    assertThat(status().currentHealthy()).isEqualTo(1);
  }
}
