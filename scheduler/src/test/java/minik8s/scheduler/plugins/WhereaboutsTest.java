package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import minik8s.api.Node;
import minik8s.api.codec.Yaml;
import minik8s.scheduler.Nodes;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.PodView;
import minik8s.testing.Pods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The counts that are kept as pods and nodes come and go, against counting all anew. */
class WhereaboutsTest {
  private static final List<String> SPECS =
      List.of(
          "{}",
          """
          affinity:
            podAntiAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
              - {topologyKey: host, labelSelector: {matchLabels: {app: a}}}
          """,
          """
          affinity:
            podAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
              - topologyKey: zone
                labelSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}
          """,
          """
          topologySpreadConstraints:
          - maxSkew: 1
            topologyKey: zone
            whenUnsatisfiable: DoNotSchedule
            labelSelector: {matchLabels: {app: a}}
          - maxSkew: 2
            topologyKey: host
            whenUnsatisfiable: DoNotSchedule
            labelSelector: {matchExpressions: [{key: app, operator: Exists}]}
          """);

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Map.Entry<PodView, String>> pods = new TreeMap<>();
  private final ClusterState kept = new ClusterState();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void countsAsCountingAnewWould(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      change(random);
      if (i % 20 == 0) {
        assertThat(verdicts(kept)).as("step " + i).isEqualTo(verdicts(anew()));
      }
    }
    pods.keySet().forEach(kept::removePod);
    pods.clear();
    assertThat(verdicts(kept)).isEqualTo(verdicts(anew()));
  }

  private void change(Random random) {
    String host = "n" + random.nextInt(8);
    String id = "uid-p" + random.nextInt(30);
    switch (random.nextInt(6)) {
      case 0 -> {
        Nodes node = node(host).label("host", host);
        if (random.nextInt(4) > 0) {
          node.label("zone", "z" + random.nextInt(3));
        }
        nodes.put(host, node.build());
        kept.put(node.build());
      }
      case 1 -> {
        nodes.remove(host);
        kept.removeNode(host);
      }
      case 2 -> {
        pods.remove(id);
        kept.removePod(id);
      }
      default -> {
        PodView pod = pod(id.substring(4), random);
        pods.put(id, Map.entry(pod, host));
        kept.place(pod, host);
      }
    }
  }

  private static PodView pod(String name, Random random) {
    Pods pod = Pods.pod(name).uid("uid-" + name).label("app", random.nextBoolean() ? "a" : "b");
    pod.document()
        .withObject("spec")
        .setAll((ObjectNode) Yaml.documents(SPECS.get(random.nextInt(SPECS.size()))).getFirst());
    if (random.nextInt(6) == 0) {
      pod.document().withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
    }
    return PodView.of(pod.build());
  }

  private ClusterState anew() {
    ClusterState fresh = new ClusterState();
    nodes.values().forEach(fresh::put);
    pods.values().forEach(pod -> fresh.place(pod.getKey(), pod.getValue()));
    return fresh;
  }

  private List<String> verdicts(ClusterState cluster) {
    List<String> verdicts = new ArrayList<>();
    for (String spec : SPECS) {
      Pods probe = Pods.pod("probe").uid("probe").label("app", "a");
      probe.document().withObject("spec").setAll((ObjectNode) Yaml.documents(spec).getFirst());
      for (Filter filter : List.of(new InterPodAffinity(), new PodTopologySpread())) {
        for (String name : nodes.keySet()) {
          verdicts.add(
              name
                  + Ask.reasons(
                      filter,
                      PodView.of(probe.build()),
                      Objects.requireNonNull(cluster.node(name)),
                      cluster));
        }
      }
    }
    return verdicts;
  }
}
