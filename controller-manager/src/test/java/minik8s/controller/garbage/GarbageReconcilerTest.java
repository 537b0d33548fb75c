package minik8s.controller.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import minik8s.api.ConfigMap;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Resources;
import minik8s.api.Secret;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;
import minik8s.controller.DiscoveryDocuments;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** ConfigMaps own Secrets here; the collector does not care what it collects. */
class GarbageReconcilerTest {
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final Informer<ConfigMap> owners =
      new Informer<>(Resources.CONFIG_MAPS, ListOptions.ALL, List.of());
  private final Informer<Secret> dependents =
      new Informer<>(Resources.SECRETS, ListOptions.ALL, List.of());
  private final Feed<ConfigMap> ownerFeed;
  private final Feed<Secret> dependentFeed;
  private final ControlLoop loop;

  GarbageReconcilerTest() {
    WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
    Sources sources =
        new Sources(
            api,
            new DiscoveryDocuments()
                .serve(Resources.CONFIG_MAPS)
                .serve(Resources.SECRETS)
                .discovery(),
            queue,
            timers);
    sources.share(owners);
    sources.share(dependents);
    queue.add(GarbageReconciler.DISCOVER);
    loop = new ControlLoop("gc", queue, new GarbageReconciler(api, sources), LoopMetrics.NONE);
    ownerFeed = new Feed<>(api, owners);
    dependentFeed = new Feed<>(api, dependents);
  }

  private ConfigMap owner(String name) {
    ObjectNode document = Json.object();
    document.putObject("metadata").put("name", name);
    return api.create(Resources.CONFIG_MAPS, "default", document);
  }

  private void dependent(String name, OwnerReference... refs) {
    ObjectNode document = Json.object();
    ObjectNode meta = document.putObject("metadata").put("name", name);
    for (OwnerReference ref : refs) {
      meta.withArray("ownerReferences").add(Json.tree(ref));
    }
    api.create(Resources.SECRETS, "default", document);
  }

  private static OwnerReference ref(ConfigMap owner) {
    return OwnerReference.controller(Resources.CONFIG_MAPS, owner);
  }

  private void delete(String name, String policy) {
    api.delete(
        Resources.CONFIG_MAPS,
        new ObjectKey("default", name),
        new DeleteOptions(null, policy, null, null));
  }

  private void settle() {
    for (int i = 0; i < 50; i++) {
      ownerFeed.catchUp();
      dependentFeed.catchUp();
      while (loop.step()) {}
      timers.advance(Duration.ofSeconds(1));
    }
  }

  private List<String> secrets() {
    return api.list(Resources.SECRETS, ListOptions.ALL).items().stream()
        .map(secret -> secret.metadata().name())
        .toList();
  }

  private List<String> maps() {
    return api.list(Resources.CONFIG_MAPS, ListOptions.ALL).items().stream()
        .map(map -> map.metadata().name())
        .toList();
  }

  @Test
  void deletesDependentsOfADeletedOwner() {
    ConfigMap owner = owner("o");
    dependent("d", ref(owner));
    dependent("free");
    settle();
    assertThat(secrets()).containsExactly("d", "free");
    delete("o", "Background");
    settle();
    assertThat(secrets()).containsExactly("free");
  }

  @Test
  void letsTheOwnerGoLastInTheForeground() {
    ConfigMap owner = owner("o");
    dependent("d", ref(owner));
    settle();
    delete("o", "Foreground");
    assertThat(maps()).containsExactly("o");
    settle();
    assertThat(secrets()).isEmpty();
    assertThat(maps()).isEmpty();
  }

  @Test
  void orphansWhenAsked() {
    ConfigMap owner = owner("o");
    dependent("d", ref(owner));
    settle();
    ObjectNode patch = Json.object();
    patch.putObject("metadata").putArray("finalizers").add("orphan");
    api.patch(Resources.CONFIG_MAPS, owner.key(), "", minik8s.client.PatchType.MERGE, patch);
    delete("o", "Orphan");
    settle();
    assertThat(maps()).isEmpty();
    assertThat(secrets()).containsExactly("d");
    assertThat(
            dependents
                .lister()
                .get(new ObjectKey("default", "d"))
                .orElseThrow()
                .metadata()
                .ownerReferences())
        .isEmpty();
  }

  @Test
  void asksForOwnersThatNoWatchShows() {
    ConfigMap owner = owner("o");
    dependent("d", ref(owner));
    dependent("lost", new OwnerReference("v1", "ConfigMap", "o", "another-uid", true, true));
    dependentFeed.catchUp();
    for (int i = 0; i < 10; i++) {
      while (loop.step()) {}
      timers.advance(Duration.ofSeconds(1));
    }
    assertThat(secrets()).containsExactly("d");
  }

  @Test
  void keepsWhatAnUnknownKindOwns() {
    dependent("d", new OwnerReference("shop/v1", "Widget", "w", "uid-w", true, true));
    settle();
    assertThat(secrets()).containsExactly("d");
  }

  @Test
  void takesALostOwnerOffWhatHasAnother() {
    ConfigMap one = owner("one");
    ConfigMap two = owner("two");
    OwnerReference second = new OwnerReference("v1", "ConfigMap", "two", two.uid(), false, false);
    dependent("d", ref(one), second);
    settle();
    delete("one", "Background");
    settle();
    assertThat(dependents.lister().all())
        .singleElement()
        .satisfies(secret ->
            assertThat(secret.metadata().ownerReferences())
                .extracting(OwnerReference::name)
                .containsExactly("two"));
  }

  @Test
  void leavesAnObjectAloneThatChangedHandsUnseen() {
    ConfigMap owner = owner("o");
    dependent("d", ref(owner));
    settle();
    delete("o", "Background");
    ObjectNode patch = Json.object();
    patch.putObject("metadata").putNull("ownerReferences");
    api.patch(
        Resources.SECRETS,
        new ObjectKey("default", "d"),
        "",
        minik8s.client.PatchType.MERGE,
        patch);
    // The collector sees the owner go, but not that the dependent was set free.
    ownerFeed.catchUp();
    while (loop.step()) {}
    settle();
    assertThat(secrets()).containsExactly("d");
  }
}
