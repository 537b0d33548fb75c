package minik8s.controller.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.api.Failure;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.StorageClass;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.control.ControlLoop;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.control.WorkQueue;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class VolumeReconcilerTest {
  private static final ObjectKey CLAIM = new ObjectKey("default", "data");
  private final FakeApi api = new FakeApi();
  private final ManualTimers timers = new ManualTimers();
  private final List<Path> removed = new ArrayList<>();
  private boolean reachable = true;
  private Rig rig = new Rig();

  /** The controller with its caches; a new one is the same after a kill. */
  private final class Rig {
    final Index<Pod> byClaim = ClaimUse.byClaim();
    final Informer<PersistentVolumeClaim> claims =
        new Informer<>(Resources.PERSISTENT_VOLUME_CLAIMS, ListOptions.ALL, List.of());
    final Informer<PersistentVolume> volumes =
        new Informer<>(Resources.PERSISTENT_VOLUMES, ListOptions.ALL, List.of());
    final Informer<StorageClass> classes =
        new Informer<>(Resources.STORAGE_CLASSES, ListOptions.ALL, List.of());
    final Informer<Node> nodes = new Informer<>(Resources.NODES, ListOptions.ALL, List.of());
    final Informer<Pod> pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of(byClaim));
    final ControlLoop loop;
    final List<Feed<?>> feeds;

    Rig() {
      WorkQueue<ObjectKey> queue = new WorkQueue<>(timers);
      VolumeTriggers.wire(queue, claims, volumes, classes, pods);
      Folders folders =
          new Folders() {
            @Override
            public boolean reach(Node node) {
              return reachable;
            }

            @Override
            public void remove(Path folder) {
              removed.add(folder);
            }
          };
      VolumeReconciler reconciler =
          new VolumeReconciler(
              api,
              claims.lister(),
              volumes.lister(),
              classes.lister(),
              nodes.lister(),
              pods.lister(),
              byClaim,
              new EventRecorder(new FakeApi(), "test", "", timers),
              folders,
              Path.of("/vol"));
      loop = new ControlLoop("volume", queue, reconciler, LoopMetrics.NONE);
      feeds =
          List.of(
              new Feed<>(api, classes),
              new Feed<>(api, nodes),
              new Feed<>(api, volumes),
              new Feed<>(api, claims),
              new Feed<>(api, pods));
    }
  }

  private void settle() {
    for (int i = 0; i < 20; i++) {
      rig.feeds.forEach(Feed::catchUp);
      while (rig.loop.step()) {
        rig.feeds.forEach(Feed::catchUp);
      }
      timers.advance(Duration.ofSeconds(1));
    }
  }

  private static ObjectNode doc(String json) {
    return (ObjectNode) Json.parse(json.replace('\'', '"'));
  }

  private void claim(String name, String size, String rest) {
    api.create(
        Resources.PERSISTENT_VOLUME_CLAIMS,
        "default",
        doc(
            "{'metadata':{'name':'%s','finalizers':['kubernetes.io/pvc-protection']},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'%s'}}%s}}"
                .formatted(name, size, rest)));
  }

  private void volume(String name, String size, String rest) {
    api.create(
        Resources.PERSISTENT_VOLUMES,
        "",
        doc(
            "{'metadata':{'name':'%s','finalizers':['kubernetes.io/pv-protection']},'spec':{'capacity':{'storage':'%s'},'accessModes':['ReadWriteOnce','ReadOnlyMany'],'hostPath':{'path':'/x'},'persistentVolumeReclaimPolicy':'Retain'%s}}"
                .formatted(name, size, rest)));
  }

  private void localClass(String mode) {
    api.create(
        Resources.STORAGE_CLASSES,
        "",
        doc(
            "{'metadata':{'name':'standard'},'provisioner':'minik8s.io/local-path','volumeBindingMode':'%s'}"
                .formatted(mode)));
    api.create(
        Resources.NODES,
        "",
        doc(
            "{'metadata':{'name':'n1','labels':{'kubernetes.io/hostname':'host1'}},'status':{'conditions':[{'type':'Ready','status':'True'}]}}"));
  }

  private PersistentVolumeClaim claim() {
    return api.get(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM);
  }

  private PersistentVolume volume(String name) {
    return api.get(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster(name));
  }

  private void pod(String name, boolean bound) {
    Pods pod = Pods.pod(name);
    ObjectNode document = bound ? pod.node("n1").running().document() : pod.document();
    ((ObjectNode) document.path("spec"))
        .putArray("volumes")
        .addObject()
        .put("name", "v")
        .putObject("persistentVolumeClaim")
        .put("claimName", "data");
    api.create(Resources.PODS, "default", document);
  }

  @Test
  void bindsTheSmallestVolumeThatFits() {
    volume("big", "10Gi", "");
    volume("small", "1Gi", "");
    volume("right", "5Gi", "");
    volume("other", "5Gi", ",'storageClassName':'x'");
    claim("data", "3Gi", "");
    settle();
    assertThat(claim().spec().volumeName()).isEqualTo("right");
    assertThat(claim().status().phase()).isEqualTo("Bound");
    assertThat(claim().status().capacity())
        .containsEntry("storage", new minik8s.api.Quantity("5Gi"));
    assertThat(claim().status().accessModes()).containsExactly("ReadWriteOnce", "ReadOnlyMany");
    assertThat(claim().metadata().annotations())
        .containsKeys("pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller");
    assertThat(volume("right").status().phase()).isEqualTo("Bound");
    assertThat(volume("big").status().phase()).isEqualTo("Available");
    assertThat(volume("right").spec().claimRef()).isNotNull();
  }

  @Test
  void neverGivesOneVolumeToTwoClaims() {
    claim("data", "1Gi", "");
    claim("more", "1Gi", "");
    settle();
    volume("only", "1Gi", "");
    settle();
    List<String> phases =
        api.list(Resources.PERSISTENT_VOLUME_CLAIMS, ListOptions.ALL).items().stream()
            .map(each -> each.status().phase())
            .sorted()
            .toList();
    assertThat(phases).containsExactly("Bound", "Pending");
  }

  @Test
  void takesTheVolumeThatIsKeptForItAndTheOneItNames() {
    volume("kept", "9Gi", ",'claimRef':{'namespace':'default','name':'data'}");
    volume("small", "1Gi", "");
    volume("named", "2Gi", ",'storageClassName':'x'");
    claim("data", "1Gi", "");
    claim("wish", "1Gi", ",'storageClassName':'x','volumeName':'named'");
    settle();
    assertThat(claim().spec().volumeName()).isEqualTo("kept");
    PersistentVolumeClaim wish =
        api.get(Resources.PERSISTENT_VOLUME_CLAIMS, new ObjectKey("default", "wish"));
    assertThat(wish.status().phase()).isEqualTo("Bound");
  }

  @Test
  void makesAFolderOnTheNodeThatTheSchedulerChose() {
    localClass("WaitForFirstConsumer");
    claim("data", "1Gi", ",'storageClassName':'standard'");
    settle();
    assertThat(claim().status().phase()).isEqualTo("Pending");
    assertThat(api.list(Resources.PERSISTENT_VOLUMES, ListOptions.ALL).items()).isEmpty();
    ObjectNode chosen =
        doc("{'metadata':{'annotations':{'volume.kubernetes.io/selected-node':'n1'}}}");
    api.patch(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM, "", PatchType.MERGE, chosen);
    settle();
    assertThat(claim().status().phase()).isEqualTo("Bound");
    PersistentVolume volume = volume("pvc-" + claim().uid());
    assertThat(volume.spec().hostPath()).isNotNull();
    assertThat(volume.spec().hostPath().path())
        .isEqualTo("/vol/pvc-" + claim().uid() + "_default_data");
    assertThat(volume.spec().persistentVolumeReclaimPolicy()).isEqualTo("Delete");
    assertThat(Json.string(volume)).contains("kubernetes.io/hostname", "host1");
  }

  @Test
  void makesAFolderForAPodThatWasPutOnANodeByHand() {
    localClass("WaitForFirstConsumer");
    claim("data", "1Gi", ",'storageClassName':'standard'");
    pod("user", true);
    settle();
    assertThat(claim().status().phase()).isEqualTo("Bound");
  }

  @Test
  void removesWhatItMadeWhenTheClaimGoes() {
    localClass("Immediate");
    claim("data", "1Gi", ",'storageClassName':'standard'");
    settle();
    String name = claim().spec().volumeName();
    pod("user", true);
    api.delete(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.BACKGROUND);
    settle();
    assertThat(claim().metadata().deleting()).isTrue();
    assertThat(removed).isEmpty();
    ObjectKey pod = new ObjectKey("default", "user");
    api.delete(Resources.PODS, pod, DeleteOptions.now(api.get(Resources.PODS, pod).uid()));
    settle();
    assertThat(api.find(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM)).isEmpty();
    assertThat(removed).hasSize(1);
    assertThat(removed.getFirst().toString()).startsWith("/vol/" + name);
  }

  @Test
  void keepsWhatItCannotReach() {
    localClass("Immediate");
    claim("data", "1Gi", ",'storageClassName':'standard'");
    settle();
    String name = claim().spec().volumeName();
    reachable = false;
    api.delete(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.BACKGROUND);
    settle();
    assertThat(volume(name).status().phase()).isEqualTo("Failed");
    assertThat(volume(name).status().message()).contains("cannot be reached");
    assertThat(removed).isEmpty();
  }

  @Test
  void neverRemovesAFolderThatItDidNotMake() {
    localClass("Immediate");
    volume("forged", "1Gi", ",'claimRef':{'namespace':'default','name':'gone','uid':'u'}");
    ObjectNode mark =
        doc(
            "{'metadata':{'annotations':{'pv.kubernetes.io/provisioned-by':'minik8s.io/local-path'}},'spec':{'persistentVolumeReclaimPolicy':'Delete','hostPath':{'path':'/vol/../etc'}}}");
    api.patch(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster("forged"), "", PatchType.MERGE, mark);
    settle();
    assertThat(removed).isEmpty();
    assertThat(volume("forged").status().phase()).isEqualTo("Failed");
  }

  @Test
  void keepsRetainedVolumesReleased() {
    volume("kept", "1Gi", "");
    claim("data", "1Gi", "");
    settle();
    api.delete(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.BACKGROUND);
    settle();
    assertThat(volume("kept").status().phase()).isEqualTo("Released");
    claim("data", "1Gi", "");
    settle();
    assertThat(claim().status().phase()).isEqualTo("Pending");
  }

  @Test
  void tellsAClaimThatItsVolumeIsLost() {
    volume("kept", "1Gi", "");
    claim("data", "1Gi", "");
    settle();
    ObjectNode free = doc("{'metadata':{'finalizers':[]}}");
    api.patch(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster("kept"), "", PatchType.MERGE, free);
    api.delete(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster("kept"), DeleteOptions.BACKGROUND);
    settle();
    assertThat(claim().status().phase()).isEqualTo("Lost");
  }

  @Test
  void protectsABoundVolumeFromDeletion() {
    volume("kept", "1Gi", "");
    claim("data", "1Gi", "");
    settle();
    api.delete(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster("kept"), DeleteOptions.BACKGROUND);
    settle();
    assertThat(volume("kept").metadata().deleting()).isTrue();
    api.delete(Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.BACKGROUND);
    settle();
    assertThat(api.find(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster("kept"))).isEmpty();
  }

  @Test
  void finishesWhatAKillLeftUndoneWhereverItCame() {
    for (int survive = 0; survive < 5; survive++) {
      String name = "v" + survive;
      ObjectKey key = new ObjectKey("default", "c" + survive);
      volume(name, "1Gi", ",'storageClassName':'s%d'".formatted(survive));
      settle();
      AtomicInteger left = new AtomicInteger(survive);
      api.failWhen(write ->
          write.verb().equals("create") || left.getAndDecrement() > 0
              ? null
              : Failure.unavailable("killed"));
      claim("c" + survive, "1Gi", ",'storageClassName':'s%d'".formatted(survive));
      rig.feeds.forEach(Feed::catchUp);
      while (rig.loop.step()) {
        rig.feeds.forEach(Feed::catchUp);
      }
      api.failWhen(null);
      rig = new Rig();
      settle();
      assertThat(api.get(Resources.PERSISTENT_VOLUME_CLAIMS, key).status().phase())
          .isEqualTo("Bound");
    }
  }

  @Test
  void writesNothingAtRest() {
    localClass("Immediate");
    claim("data", "1Gi", ",'storageClassName':'standard'");
    volume("free", "1Gi", "");
    settle();
    api.clearWrites();
    rig = new Rig();
    settle();
    assertThat(api.writes()).isEmpty();
  }
}
