package minik8s.controller.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import minik8s.api.Condition;
import minik8s.api.Failure;
import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.PodMetrics;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AutoscalerReconcilerTest {
  private static final ObjectKey KEY = new ObjectKey("default", "web");
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final Index<Pod> podsByNamespace = Index.byNamespace();
  private final Informer<Pod> pods =
      new Informer<>(Resources.PODS, ListOptions.ALL, List.of(podsByNamespace));
  private final Informer<HorizontalPodAutoscaler> scalers =
      new Informer<>(HorizontalPodAutoscaler.RESOURCE, ListOptions.ALL, List.of());
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
  private final ControlLoop loop;
  private final Feed<Pod> podFeed;
  private final Feed<HorizontalPodAutoscaler> scalerFeed;

  AutoscalerReconcilerTest() {
    AutoscalerReconciler reconciler =
        new AutoscalerReconciler(
            api,
            scalers.lister(),
            pods.lister(),
            podsByNamespace,
            new Scales(api),
            new EventRecorder(new FakeApi(), "test", "", timers),
            timers,
            PERIOD);
    AutoscalerReconciler.wire(queue, reconciler, scalers);
    loop = new ControlLoop("hpa", queue, reconciler, LoopMetrics.NONE);
    podFeed = new Feed<>(api, pods);
    scalerFeed = new Feed<>(api, scalers);
    api.answerRaw(this::answer);
  }

  /** What discovery and {@code /scale} answer. */
  private @Nullable JsonNode answer(String path) {
    if (path.equals("/apis/apps/v1")) {
      return Json.parse(
          "{\"resources\":[{\"name\":\"deployments\",\"kind\":\"Deployment\",\"namespaced\":true},{\"name\":\"deployments/scale\",\"kind\":\"Scale\"}]}");
    }
    if (!path.equals("/apis/apps/v1/namespaces/default/deployments/web/scale")) {
      return null;
    }
    ObjectNode deployment = api.document(Resources.DEPLOYMENTS, KEY);
    ObjectNode scale = Json.object();
    scale.set("metadata", deployment.path("metadata"));
    scale.putObject("spec").set("replicas", deployment.path("spec").path("replicas"));
    scale
        .putObject("status")
        .put("selector", "app=web")
        .set("replicas", deployment.path("spec").path("replicas"));
    return scale;
  }

  @BeforeEach
  void aDeployment() {
    ObjectNode deployment = Json.object();
    deployment.putObject("metadata").put("name", "web");
    deployment.putObject("spec").put("replicas", 2);
    api.create(Resources.DEPLOYMENTS, "default", deployment);
  }

  private void scaler(String metrics) {
    scaler(metrics, 10);
  }

  private void scaler(String metrics, int most) {
    String json =
        "{'metadata':{'name':'web'},'spec':{'minReplicas':1,'maxReplicas':%d,'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'web'},'metrics':%s,'behavior':{'scaleDown':{'stabilizationWindowSeconds':20,'policies':[{'type':'Percent','value':100,'periodSeconds':15}]}}}}"
            .formatted(most, metrics);
    api.create(HorizontalPodAutoscaler.RESOURCE, "default", Json.parse(json.replace('\'', '"')));
  }

  private static final String CPU =
      "[{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization','averageUtilization':50}}}]";

  private void pod(String name, String cpu) {
    ObjectNode document =
        Pods.pod(name)
            .label("app", "web")
            .node("n")
            .requests(java.util.Map.of("cpu", "100m"))
            .running()
            .document();
    ((ObjectNode) document.path("status")).put("startTime", "2025-12-31T00:00:00Z");
    api.create(Resources.PODS, "default", document);
    ObjectNode metrics = Json.object();
    metrics.putObject("metadata").put("name", name);
    metrics.put("timestamp", "2026-01-01T00:00:00Z").put("window", "15.5s");
    metrics
        .putArray("containers")
        .addObject()
        .put("name", "c")
        .putObject("usage")
        .put("cpu", cpu)
        .put("memory", "1Mi");
    api.create(PodMetrics.RESOURCE, "default", metrics);
  }

  private void use(String name, String cpu) {
    ObjectNode metrics = api.document(PodMetrics.RESOURCE, new ObjectKey("default", name));
    ((ObjectNode) metrics.at("/containers/0/usage")).put("cpu", cpu);
    api.patch(PodMetrics.RESOURCE, new ObjectKey("default", name), "", PatchType.MERGE, metrics);
  }

  private void settle() {
    do {
      podFeed.catchUp();
      scalerFeed.catchUp();
    } while (loop.step());
  }

  private int size() {
    return api.document(Resources.DEPLOYMENTS, KEY).at("/spec/replicas").asInt();
  }

  private HorizontalPodAutoscaler.Status status() {
    return api.get(HorizontalPodAutoscaler.RESOURCE, KEY).status();
  }

  private Condition condition(String type) {
    return Objects.requireNonNull(Condition.find(status().conditions(), type));
  }

  @Test
  void growsUnderLoadAndShrinksAfterItsWindow() {
    pod("a", "100m");
    pod("b", "100m");
    scaler(CPU);
    settle();
    assertThat(size()).isEqualTo(4);
    assertThat(status().desiredReplicas()).isEqualTo(4);
    assertThat(condition("AbleToScale").reason()).isEqualTo("SucceededRescale");
    assertThat(condition("ScalingActive").message())
        .isEqualTo(
            "the HPA was able to successfully calculate a replica count from cpu resource"
                + " utilization (percentage of request)");
    assertThat(status().currentMetrics().getFirst().node().toString())
        .isEqualTo(
            "{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"current\":"
                + "{\"averageUtilization\":100,\"averageValue\":\"100m\"}}}");
    assertThat(status().lastScaleTime()).isNotNull();

    pod("c", "10m");
    pod("d", "10m");
    use("a", "10m");
    use("b", "10m");
    timers.advance(PERIOD);
    settle();
    assertThat(size()).isEqualTo(4);
    assertThat(condition("AbleToScale").reason()).isEqualTo("ScaleDownStabilized");
    timers.advance(PERIOD);
    settle();
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void keepsItsSizeWithinItsBounds() {
    pod("a", "100m");
    scaler(CPU, 1);
    settle();
    assertThat(size()).isEqualTo(1);
  }

  @Test
  void doesNothingAtZero() {
    ObjectNode off = Json.object();
    off.putObject("spec").put("replicas", 0);
    api.patch(Resources.DEPLOYMENTS, KEY, "", PatchType.MERGE, off);
    scaler(CPU);
    settle();
    assertThat(condition("ScalingActive").reason()).isEqualTo("ScalingDisabled");
    assertThat(size()).isZero();
  }

  @Test
  void saysThatNobodyServesCustomMetrics() {
    pod("a", "10m");
    scaler(
        "[{'type':'Pods','pods':{'metric':{'name':'hits'},'target':{'type':'AverageValue','averageValue':'10'}}}]");
    settle();
    assertThat(condition("ScalingActive").reason()).isEqualTo("FailedGetPodsMetric");
    assertThat(condition("ScalingActive").message())
        .isEqualTo(
            "the HPA was unable to compute the replica count: failed to get pods metric value:"
                + " unable to get metric hits: unable to fetch metrics from custom metrics API: no"
                + " custom metrics API (custom.metrics.k8s.io) registered");
  }

  @Test
  void growsOnOneMeasureButNeverShrinksWhileAnotherFails() {
    pod("a", "100m");
    pod("b", "100m");
    String external =
        "{'type':'External','external':{'metric':{'name':'q'},'target':{'type':'Value','value':'1'}}}";
    scaler(CPU.replace("]", "," + external + "]"));
    settle();
    assertThat(size()).isEqualTo(4);
    use("a", "1m");
    use("b", "1m");
    for (int i = 0; i < 5; i++) {
      timers.advance(PERIOD);
      settle();
    }
    assertThat(size()).isEqualTo(4);
    assertThat(condition("ScalingActive").reason()).isEqualTo("FailedGetExternalMetric");
  }

  @Test
  void saysWhatKeepsItFromResizing() {
    pod("a", "100m");
    pod("b", "100m");
    api.failWhen(write -> write.subresource().equals("scale") ? Failure.unavailable("no") : null);
    scaler(CPU);
    settle();
    assertThat(condition("AbleToScale").reason()).isEqualTo("FailedUpdateScale");
    api.failWhen(null);
    timers.advance(PERIOD);
    settle();
    assertThat(size()).isEqualTo(4);
  }

  @Test
  void saysThatItsTargetIsMissing() {
    api.delete(Resources.DEPLOYMENTS, KEY, minik8s.client.DeleteOptions.BACKGROUND);
    api.answerRaw(_ -> null);
    scaler(CPU);
    settle();
    assertThat(condition("AbleToScale").reason()).isEqualTo("FailedGetScale");
  }

  @Test
  void readsSelectors() {
    assertThat(SelectorText.parse("a=b,c in (d, e),!f,g!=h,i").query())
        .isEqualTo("a in (b),c in (d,e),!f,g notin (h),i");
  }
}
