package minik8s.controller.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.testing.FakeApi;
import org.junit.jupiter.api.Test;

class EphemeralReconcilerTest {
  private static final ObjectKey POD = new ObjectKey("default", "web");
  private static final ObjectKey CLAIM = new ObjectKey("default", "web-scratch");

  private final FakeApi api = new FakeApi();

  private void create(String status) {
    api.create(
        Resources.PODS,
        "default",
        Json.parse(
            """
            {"metadata":{"name":"web"},"spec":{"volumes":[{"name":"scratch","ephemeral":{
            "volumeClaimTemplate":{"metadata":{"labels":{"type":"scratch"}},
            "spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}}},
            {"name":"other","emptyDir":{}}]},"status":%s}
            """
                .formatted(status)));
  }

  private void reconcile() throws InterruptedException {
    Informer<Pod> pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of());
    try (Reflector<Pod> _ = new Reflector<>(api, pods).start()) {
      pods.awaitSync();
      var _ = new EphemeralReconciler(api, pods.lister()).reconcile(POD);
    }
  }

  @Test
  void makesTheClaimThatThePodBringsAlong() throws InterruptedException {
    create("{}");
    reconcile();
    PersistentVolumeClaim claim = api.get(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM);
    Pod pod = api.get(Resources.PODS, POD);
    assertThat(claim.metadata().labels()).containsEntry("type", "scratch");
    assertThat(claim.spec().storage().text()).isEqualTo("1Gi");
    assertThat(claim.metadata().ownerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.uid()).isEqualTo(pod.uid()));
  }

  @Test
  void writesNothingTwice() throws InterruptedException {
    create("{}");
    reconcile();
    api.clearWrites();
    reconcile();
    assertThat(api.writes()).isEmpty();
  }

  @Test
  void leavesAPodThatHasStartedAlone() throws InterruptedException {
    create("{\"startTime\":\"2026-01-01T00:00:00Z\"}");
    reconcile();
    assertThat(api.find(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM)).isEmpty();
  }
}
