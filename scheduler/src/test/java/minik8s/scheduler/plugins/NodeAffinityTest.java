package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAffinityTest {
  private static final String REASON = "node(s) didn't match Pod's node affinity/selector";

  private final NodeAffinity plugin = new NodeAffinity();
  private final NodeView ssd = node("ssd").label("disk", "ssd").label("cores", "8").view();
  private final NodeView bare = node("bare").view();

  @Test
  void wantsEveryLabelOfTheSelector() {
    PodView one = Ask.pod("nodeSelector: {disk: ssd}");
    assertThat(Ask.reasons(plugin, one, ssd)).isEmpty();
    assertThat(Ask.reasons(plugin, one, bare)).containsExactly(REASON);
    PodView two = Ask.pod("nodeSelector: {disk: ssd, zone: a}");
    assertThat(Ask.reasons(plugin, two, ssd)).containsExactly(REASON);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: disk, operator: In, values: [ssd, nvme]}    | true  | false",
        "{key: disk, operator: NotIn, values: [ssd]}       | false | true",
        "{key: disk, operator: Exists}                     | true  | false",
        "{key: disk, operator: DoesNotExist}               | false | true",
        "{key: cores, operator: Gt, values: ['4']}         | true  | false",
        "{key: cores, operator: Lt, values: ['4']}         | false | false",
      })
  void understandsEveryOperator(String expression, boolean onSsd, boolean onBare) {
    PodView pod = Ask.pod(required("- matchExpressions: [" + expression + "]"));
    assertThat(Ask.reasons(plugin, pod, ssd).isEmpty()).isEqualTo(onSsd);
    assertThat(Ask.reasons(plugin, pod, bare).isEmpty()).isEqualTo(onBare);
  }

  @Test
  void acceptsAnyOfSeveralTermsAndNoEmptyOne() {
    PodView either =
        Ask.pod(
            required(
                """
                - matchExpressions: [{key: disk, operator: In, values: [floppy]}]
                - matchFields: [{key: metadata.name, operator: In, values: [bare]}]
                """));
    assertThat(Ask.reasons(plugin, either, bare)).isEmpty();
    assertThat(Ask.reasons(plugin, either, ssd)).containsExactly(REASON);
    PodView empty = Ask.pod(required("- {}"));
    assertThat(Ask.reasons(plugin, empty, bare)).containsExactly(REASON);
  }

  @Test
  void wantsSelectorAndAffinityBoth() {
    PodView pod =
        Ask.pod(
            "nodeSelector: {cores: '8'}\n"
                + required("- matchExpressions: [{key: disk, operator: DoesNotExist}]"));
    assertThat(Ask.reasons(plugin, pod, ssd)).containsExactly(REASON);
    assertThat(Ask.reasons(plugin, pod, bare)).containsExactly(REASON);
  }

  @Test
  void ratesByTheWeightOfWishesGranted() {
    PodView pod =
        Ask.pod(
            """
            affinity:
              nodeAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 30
                  preference: {matchExpressions: [{key: disk, operator: Exists}]}
                - weight: 10
                  preference: {matchExpressions: [{key: cores, operator: Exists}]}
            """);
    NodeView half = node("half").label("cores", "2").view();
    assertThat(Ask.scores(plugin, pod, new ClusterState(), ssd, half, bare))
        .containsExactly(100L, 25L, 0L);
  }

  private static String required(String terms) {
    return """
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
    """
        + terms.indent(8);
  }
}
