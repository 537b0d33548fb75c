package minik8s.scheduler.framework;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;

class ClusterStateTest {
  private final ClusterState cluster = new ClusterState();

  @Test
  void countsAPodOnceHoweverOftenItIsPlaced() {
    cluster.put(node("a").build());
    cluster.place(pod("p"), "a");
    cluster.place(pod("p"), "a");
    assertThat(view("a").podCount()).isEqualTo(1);
    assertThat(view("a").requested().cpu()).isEqualTo(500);
    assertThat(view("a").weighedCpu()).isEqualTo(500);
  }

  @Test
  void movesAPodWhoseNodeTurnsOutToBeAnother() {
    cluster.put(node("a").build());
    cluster.put(node("b").build());
    cluster.place(pod("p"), "a");
    cluster.place(pod("p"), "b");
    assertThat(view("a").requested()).isEqualTo(Amounts.NONE);
    assertThat(view("b").podCount()).isEqualTo(1);
    assertThat(cluster.nodeOf("uid-p")).isEqualTo("b");
  }

  @Test
  void remembersPodsOfNodesThatAreNotThereYet() {
    cluster.place(pod("p"), "late");
    assertThat(cluster.size()).isZero();
    cluster.put(node("late").build());
    assertThat(view("late").requested().cpu()).isEqualTo(500);
  }

  @Test
  void remembersPodsOfNodesThatWentAndCame() {
    cluster.put(node("a").build());
    cluster.place(pod("p"), "a");
    cluster.removeNode("a");
    assertThat(cluster.size()).isZero();
    assertThat(cluster.node("a")).isNull();
    cluster.put(node("a").build());
    assertThat(view("a").podCount()).isEqualTo(1);
    assertThat(cluster.removePod("uid-p")).isEqualTo("a");
    assertThat(view("a").requested().pods()).isZero();
  }

  @Test
  void keepsEveryOtherNodeInPlaceWhenOneGoes() {
    IntStream.range(0, 5).forEach(i -> cluster.put(node("n" + i).build()));
    cluster.removeNode("n1");
    cluster.removeNode("n4");
    cluster.put(node("n3").cordoned().build());
    assertThat(IntStream.range(0, cluster.size()).mapToObj(i -> cluster.node(i).name()))
        .containsExactlyInAnyOrder("n0", "n2", "n3");
    assertThat(view("n3").node().spec().unschedulable()).isTrue();
    assertThat(
            IntStream.range(0, cluster.size())
                .mapToObj(cluster::node)
                .filter(n -> n.node().spec().unschedulable()))
        .hasSize(1);
  }

  @Test
  void countsHoldersOfImages() {
    cluster.put(node("a").image("web:1", 10).build());
    cluster.put(node("b").image("web:1", 10).build());
    assertThat(cluster.holdersOf("web:1")).isEqualTo(2);
    cluster.put(node("b").image("web:2", 10).build());
    assertThat(cluster.holdersOf("web:1")).isEqualTo(1);
    cluster.removeNode("a");
    assertThat(cluster.holdersOf("web:1")).isZero();
  }

  @Test
  void countsReplicasPerNode() {
    cluster.put(node("a").build());
    cluster.place(replica("p"), "a");
    cluster.place(replica("q"), "a");
    assertThat(cluster.ownedBy("set").at(view("a").slot())).isEqualTo(2);
    cluster.removePod("uid-p");
    cluster.removePod("uid-q");
    assertThat(cluster.ownedBy("set").isEmpty()).isTrue();
  }

  @Test
  void changesItsVersionWithEveryChange() {
    long before = cluster.version();
    cluster.put(node("a").build());
    long withNode = cluster.version();
    cluster.place(pod("p"), "a");
    long withPod = cluster.version();
    cluster.removePod("uid-p");
    assertThat(before).isLessThan(withNode);
    assertThat(withNode).isLessThan(withPod);
    assertThat(withPod).isLessThan(cluster.version());
  }

  private NodeView view(String name) {
    NodeView view = cluster.node(name);
    assertThat(view).isNotNull();
    return java.util.Objects.requireNonNull(view);
  }

  private static PodView pod(String name) {
    return PodView.of(
        Pods.pod(name).uid("uid-" + name).requests(Map.of("cpu", "500m", "memory", "1Mi")).build());
  }

  private static PodView replica(String name) {
    var pods = Pods.pod(name).uid("uid-" + name);
    pods.document()
        .withObject("metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("uid", "set")
        .put("controller", true);
    return PodView.of(pods.build());
  }
}
