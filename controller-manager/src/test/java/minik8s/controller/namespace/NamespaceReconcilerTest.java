package minik8s.controller.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import minik8s.api.ConfigMap;
import minik8s.api.Namespace;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.Reconciler;
import minik8s.controller.DiscoveryDocuments;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class NamespaceReconcilerTest {
  private static final ObjectKey KEY = ObjectKey.cluster("room");

  private final FakeApi api = new FakeApi();
  private final Informer<Namespace> namespaces =
      new Informer<>(Resources.NAMESPACES, ListOptions.ALL, List.of());
  private final Feed<Namespace> feed = new Feed<>(api, namespaces);
  private final NamespaceReconciler reconciler =
      new NamespaceReconciler(
          api,
          new DiscoveryDocuments()
              .serve(Resources.PODS)
              .serve(Resources.CONFIG_MAPS)
              .serve(Resources.NODES)
              .discovery(),
          namespaces.lister(),
          new ManualTimers());

  /** A namespace that is being deleted; our fake lets a finalizer of the metadata hold it. */
  private void closing() {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", "room").putArray("finalizers").add("hold");
    document.putObject("spec").putArray("finalizers").add("kubernetes");
    api.create(Resources.NAMESPACES, "", document);
    api.delete(Resources.NAMESPACES, KEY, DeleteOptions.BACKGROUND);
    feed.catchUp();
  }

  private Reconciler.Result reconcile() throws InterruptedException {
    feed.catchUp();
    return reconciler.reconcile(KEY);
  }

  private Namespace namespace() {
    return api.get(Resources.NAMESPACES, KEY);
  }

  private String reason(String type) {
    return namespace().status().conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .map(condition -> condition.status() + " " + condition.reason())
        .findFirst()
        .orElse("");
  }

  private void configMap(String namespace, String name) {
    api.create(
        Resources.CONFIG_MAPS,
        namespace,
        new ConfigMap(ObjectMeta.of(namespace, name, Map.of()), Map.of(), Map.of()));
  }

  @Test
  void emptiesTheNamespaceAndLetsItGo() throws InterruptedException {
    closing();
    configMap("room", "a");
    configMap("other", "b");
    assertThat(reconcile()).isEqualTo(Reconciler.Result.DONE);
    assertThat(namespace().spec().finalizers()).isEmpty();
    assertThat(api.list(Resources.CONFIG_MAPS, ListOptions.ALL).items())
        .extracting(map -> map.metadata().name())
        .containsExactly("b");
  }

  @Test
  void waitsForPodsThatTakeTheirGraceAndSaysSo() throws InterruptedException {
    closing();
    api.create(Resources.PODS, "room", Pods.pod("p").node("n").document());
    assertThat(reconcile()).isInstanceOf(Reconciler.Result.After.class);
    assertThat(namespace().spec().finalizers()).containsExactly("kubernetes");
    assertThat(reason("NamespaceContentRemaining")).isEqualTo("True SomeResourcesRemain");
    assertThat(reason("NamespaceDeletionContentFailure")).isEqualTo("False ContentDeleted");
    String uid = api.get(Resources.PODS, new ObjectKey("room", "p")).uid();
    api.delete(Resources.PODS, new ObjectKey("room", "p"), DeleteOptions.now(uid));
    assertThat(reconcile()).isEqualTo(Reconciler.Result.DONE);
    assertThat(namespace().spec().finalizers()).isEmpty();
  }

  @Test
  void writesTheSameConditionsOnce() throws InterruptedException {
    closing();
    api.create(Resources.PODS, "room", Pods.pod("p").node("n").document());
    reconcile();
    api.clearWrites();
    reconcile();
    assertThat(api.writes()).isEmpty();
  }

  @Test
  void keepsTheNamespaceWhileSomethingCannotBeDeleted() throws InterruptedException {
    closing();
    configMap("room", "a");
    api.failWhen(
        write -> write.verb().equals("delete") ? minik8s.api.Failure.internal("stuck") : null);
    reconcile();
    assertThat(namespace().spec().finalizers()).containsExactly("kubernetes");
    assertThat(reason("NamespaceDeletionContentFailure")).isEqualTo("True ContentDeletionFailed");
  }

  @Test
  void leavesLivingNamespacesAlone() throws InterruptedException {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", "room");
    document.putObject("spec").putArray("finalizers").add("kubernetes");
    api.create(Resources.NAMESPACES, "", document);
    configMap("room", "a");
    api.clearWrites();
    assertThat(reconcile()).isEqualTo(Reconciler.Result.DONE);
    assertThat(api.writes()).isEmpty();
  }
}
