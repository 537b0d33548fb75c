package minik8s.controller.resourcequota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.api.ResourceQuota;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.api.quota.Amounts;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;
import minik8s.controller.discovery.Discovery;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class QuotaReconcilerTest {
  private static final ObjectKey KEY = new ObjectKey("default", "q");
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final Informer<ResourceQuota> quotas =
      new Informer<>(ResourceQuota.RESOURCE, ListOptions.ALL, List.of());
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
  private final ControlLoop loop;
  private final Feed<ResourceQuota> feed;

  QuotaReconcilerTest() {
    QuotaReconciler.wire(queue, quotas);
    loop =
        new ControlLoop(
            "resourcequota",
            queue,
            new QuotaReconciler(api, quotas.lister(), new Discovery(api::raw), timers),
            LoopMetrics.NONE);
    feed = new Feed<>(api, quotas);
  }

  private void settle() {
    do {
      feed.catchUp();
    } while (loop.step());
  }

  private void quota(String hard) {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", "q");
    document.putObject("spec").set("hard", Json.parse(hard.replace('\'', '"')));
    api.create(ResourceQuota.RESOURCE, "default", document);
  }

  private String used() {
    return Amounts.text(api.get(ResourceQuota.RESOURCE, KEY).status().used());
  }

  private void charge(String name, String amount) {
    ObjectNode patch = Json.object();
    patch.putObject("status").putObject("used").put(name, amount);
    api.patch(ResourceQuota.RESOURCE, KEY, "status", PatchType.MERGE, patch);
  }

  @Test
  void countsWhatIsThereAndPutsTheLimitsIntoForce() {
    api.create(Resources.PODS, "default", Pods.pod("a").requests(Map.of("cpu", "250m")).document());
    api.create(Resources.PODS, "default", Pods.pod("b").phase("Failed").document());
    api.create(Resources.PODS, "other", Pods.pod("c").document());
    quota("{'pods':'5','requests.cpu':'1','count/pods':'9','configmaps':'2'}");
    settle();
    assertThat(used()).isEqualTo("configmaps=0,count/pods=2,pods=1,requests.cpu=250m");
    assertThat(Amounts.text(api.get(ResourceQuota.RESOURCE, KEY).status().hard()))
        .isEqualTo("configmaps=2,count/pods=9,pods=5,requests.cpu=1");
  }

  @Test
  void countsKindsOfOtherGroups() {
    api.answerRaw(path ->
        switch (path) {
          case "/api/v1" -> Json.object();
          case "/apis" ->
              Json.parse("{\"groups\":[{\"name\":\"apps\",\"versions\":[{\"version\":\"v1\"}]}]}");
          case "/apis/apps/v1" ->
              Json.parse(
                  "{\"resources\":[{\"name\":\"deployments\",\"kind\":\"Deployment\",\"namespaced\":true,\"verbs\":[\"list\"]}]}");
          default -> null;
        });
    ObjectNode deployment = Json.object();
    deployment.putObject("metadata").put("name", "web");
    deployment.putObject("spec");
    api.create(Resources.DEPLOYMENTS, "default", deployment);
    quota("{'count/deployments.apps':'5'}");
    settle();
    assertThat(used()).isEqualTo("count/deployments.apps=1");
  }

  @Test
  void neverTakesOffAChargeWhoseObjectMayStillCome() {
    quota("{'pods':'5'}");
    settle();
    charge("pods", "1");
    timers.advance(QuotaReconciler.RESYNC);
    settle();
    assertThat(used()).isEqualTo("pods=1");
    // Another charge shows that the API server is at work, so the doubt begins anew.
    charge("pods", "2");
    timers.advance(QuotaReconciler.SETTLED);
    settle();
    assertThat(used()).isEqualTo("pods=2");
    timers.advance(QuotaReconciler.SETTLED);
    settle();
    assertThat(used()).isEqualTo("pods=0");
  }

  @Test
  void writesNothingAtRest() {
    quota("{'pods':'5'}");
    settle();
    api.clearWrites();
    timers.advance(Duration.ofMinutes(20));
    settle();
    assertThat(api.writes()).isEmpty();
  }

  @Test
  void followsNewLimitsAndDropsOldOnes() {
    quota("{'pods':'5'}");
    settle();
    Resource<ResourceQuota> resource = ResourceQuota.RESOURCE;
    ObjectNode patch = Json.object();
    patch.putObject("spec").putObject("hard").put("secrets", "3").putNull("pods");
    api.patch(resource, KEY, "", PatchType.MERGE, patch);
    settle();
    assertThat(used()).isEqualTo("secrets=0");
    api.delete(resource, KEY, DeleteOptions.BACKGROUND);
    timers.advance(QuotaReconciler.RESYNC);
    settle();
  }

  @Test
  void knowsWhichKindsALimitIsAbout() {
    assertThat(
            QuotaPlan.kinds(
                Set.of(
                    "cpu",
                    "requests.storage",
                    "gold.storageclass.storage.k8s.io/requests.storage",
                    "services.nodeports",
                    "count/jobs.batch",
                    "secrets",
                    "requests.nvidia.com/gpu")))
        .containsExactly("jobs.batch", "persistentvolumeclaims", "pods", "secrets", "services");
  }
}
