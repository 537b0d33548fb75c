package minik8s.kubelet.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticPodsTest {
  private static final String WEB =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: c, image: "nginx:1"}, {name: d, image: nginx}]
      """;
  private static final ObjectKey KEY = new ObjectKey("default", "web-n1");

  @TempDir Path folder;

  private ManifestFolder reader() {
    return new ManifestFolder(folder, "n1", _ -> {});
  }

  private StaticPod only() throws IOException {
    List<StaticPod> told = new ArrayList<>();
    try (ManifestFolder reader = new ManifestFolder(folder, "n1", told::addAll).start()) {
      assertThat(reader.read()).isFalse();
    }
    assertThat(told).hasSize(1);
    return told.getFirst();
  }

  @Test
  void makesAPodOfThisNodeOfAFile() throws IOException {
    Files.writeString(folder.resolve("web.yaml"), WEB);
    Pod pod = only().pod();
    assertThat(pod.key()).isEqualTo(KEY);
    assertThat(pod.uid()).matches("[0-9a-f]{32}");
    assertThat(pod.spec().nodeName()).isEqualTo("n1");
    assertThat(pod.metadata().annotations())
        .containsEntry("kubernetes.io/config.source", "file")
        .containsEntry("kubernetes.io/config.hash", pod.uid());
    assertThat(pod.spec().containers())
        .extracting(c -> c.imagePullPolicy())
        .containsExactly("IfNotPresent", "Always");
    assertThat(only().pod().uid()).isEqualTo(pod.uid());
    Files.writeString(folder.resolve("web.yaml"), WEB.replace("nginx:1", "nginx:2"));
    assertThat(only().pod().uid()).isNotEqualTo(pod.uid());
  }

  @Test
  void keepsAPodWhoseFileIsJustBeingWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("web.yaml"), WEB);
    Files.writeString(folder.resolve(".hidden"), WEB);
    Files.writeString(folder.resolve("notes.txt"), "no manifest");
    ManifestFolder reader = reader();
    assertThat(reader.read()).isTrue();
    Files.writeString(file, "apiVersion: v1\nkind: Po");
    assertThat(reader.read()).isFalse();
    Files.delete(file);
    assertThat(reader.read()).isTrue();
  }

  @Test
  void noticesFilesThatComeAndGo() throws Exception {
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    try (ManifestFolder reader =
        new ManifestFolder(folder, "n1", (Collection<StaticPod> all) -> sizes.add(all.size()))) {
      var _ = reader.start();
      assertThat(sizes.poll(30, TimeUnit.SECONDS)).isZero();
      Path file = Files.writeString(folder.resolve("web.yaml"), WEB);
      assertThat(sizes.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
      Files.delete(file);
      assertThat(sizes.poll(30, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void keepsOneMirrorAndBringsItBack() throws IOException {
    Files.writeString(folder.resolve("web.yaml"), WEB);
    StaticPod pod = only();
    FakeApi api = new FakeApi();
    api.create(Resources.NODES, "", Json.parse("{\"metadata\":{\"name\":\"n1\"}}"));
    Informer<Pod> pods = new Informer<>(Resources.PODS, ListOptions.ALL, List.of());
    Feed<Pod> feed = new Feed<>(api, pods);
    MirrorPods mirrors = new MirrorPods(api, "n1", pods.lister(), new ManualTimers());
    mirrors.want(List.of(pod));
    mirrors.step();
    Pod mirror = api.get(Resources.PODS, KEY);
    assertThat(mirror.mirror()).isTrue();
    assertThat(mirror.nodeUid()).isEqualTo(pod.pod().uid()).isNotEqualTo(mirror.uid());
    assertThat(mirror.metadata().ownerReferences())
        .extracting(o -> o.kind())
        .containsExactly("Node");
    feed.catchUp();
    api.clearWrites();
    mirrors.step();
    assertThat(api.writes()).isEmpty();
    api.delete(Resources.PODS, KEY, DeleteOptions.now(mirror.uid()));
    feed.catchUp();
    mirrors.step();
    assertThat(api.get(Resources.PODS, KEY).uid()).isNotEqualTo(mirror.uid());
    feed.catchUp();
    mirrors.want(List.of());
    mirrors.step();
    assertThat(api.find(Resources.PODS, KEY)).isEmpty();
  }
}
