package minik8s.client.informer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;

class InformerTest {
  private static final Index<Pod> BY_NODE =
      new Index<>("node", pod -> List.of(pod.spec().nodeName()));

  private final FakeApi api = new FakeApi();
  private final Informer<Pod> informer =
      new Informer<>(Resources.PODS, ListOptions.ALL, List.of(BY_NODE));
  private final Feed<Pod> feed = new Feed<>(api, informer);
  private final List<String> seen = new ArrayList<>();

  InformerTest() {
    informer.onChange((old, now) ->
        seen.add((old == null ? "-" : old.uid()) + ">" + (now == null ? "-" : now.uid())));
  }

  @Test
  void reportsDeletionThatHappenedBetweenLists() {
    api.create(Resources.PODS, "default", Pods.pod("a").document());
    feed.catchUp();
    api.delete(Resources.PODS, Pods.pod("a").key(), DeleteOptions.BACKGROUND);
    feed.catchUp();
    assertThat(seen).containsExactly("->uid-1", "uid-1>-");
    assertThat(informer.lister().all()).isEmpty();
  }

  @Test
  void saysNothingWhenNothingChanged() {
    api.create(Resources.PODS, "default", Pods.pod("a").document());
    feed.catchUp();
    feed.catchUp();
    assertThat(seen).hasSize(1);
  }

  @Test
  void refilesObjectWhenItsIndexedValueChanges() {
    api.create(Resources.PODS, "default", Pods.pod("a").document());
    feed.catchUp();
    assertThat(informer.lister().by(BY_NODE, "")).hasSize(1);
    api.post(
        Resources.PODS,
        Pods.pod("a").key(),
        "binding",
        minik8s.api.codec.Json.parse("{\"target\":{\"name\":\"n1\"}}"));
    feed.catchUp();
    assertThat(informer.lister().by(BY_NODE, "")).isEmpty();
    assertThat(informer.lister().by(BY_NODE, "n1"))
        .extracting(p -> p.metadata().name())
        .containsExactly("a");
  }
}
