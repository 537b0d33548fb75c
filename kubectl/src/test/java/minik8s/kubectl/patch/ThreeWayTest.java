package minik8s.kubectl.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlReader;
import org.junit.jupiter.api.Test;

/** The cases with a recorded patch come from kubectl 1.20 and 1.33 talking to a real server. */
class ThreeWayTest {
  private static Map<String, Object> yaml(String text) {
    return Tree.asMap(YamlReader.read(text));
  }

  private static String strategic(String kind, String original, String modified, String current) {
    return Json.compact(ThreeWay.strategic(kind, yaml(original), yaml(modified), yaml(current)));
  }

  private static final String TWO_CONTAINERS =
      """
      metadata: {name: ap}
      spec:
        replicas: 1
        template:
          spec:
            containers:
            - {name: c1, image: "nginx:1"}
            - {name: c2, image: "busybox:1", command: [sleep, "1"]}
      """;

  private static final String ONE_CONTAINER =
      """
      metadata: {name: ap}
      spec:
        replicas: 1
        template:
          spec:
            containers:
            - {name: c2, image: "busybox:2", command: [sleep, "1"]}
      """;

  @Test
  void deletesAContainerThatLeftTheFileAsRecorded() {
    assertThat(strategic("Deployment", TWO_CONTAINERS, ONE_CONTAINER, TWO_CONTAINERS))
        .isEqualTo(
            "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"c2\"}],"
                + "\"containers\":[{\"image\":\"busybox:2\",\"name\":\"c2\"},"
                + "{\"$patch\":\"delete\",\"name\":\"c1\"}]}}}}");
  }

  @Test
  void bringsBackAContainerAsRecorded() {
    String live =
        """
        metadata: {name: ap}
        spec:
          replicas: 1
          template:
            spec:
              containers:
              - {name: c1, image: other}
              - {name: c2, image: other, command: [sleep, "1"]}
        """;
    assertThat(strategic("Deployment", TWO_CONTAINERS, TWO_CONTAINERS, live))
        .isEqualTo(
            "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"c1\"},"
                + "{\"name\":\"c2\"}],\"containers\":[{\"image\":\"nginx:1\",\"name\":\"c1\"},"
                + "{\"image\":\"busybox:1\",\"name\":\"c2\"}]}}}}");
  }

  @Test
  void changesAndDeletesKeysOfAMapAsRecorded() {
    assertThat(
            strategic(
                "ConfigMap", "data: {a: '1', b: '2'}", "data: {a: '9'}", "data: {a: '1', b: '2'}"))
        .isEqualTo("{\"data\":{\"a\":\"9\",\"b\":null}}");
  }

  @Test
  void leavesAloneWhatOthersSet() {
    assertThat(
            strategic(
                "Deployment",
                ONE_CONTAINER,
                ONE_CONTAINER,
                """
                metadata: {name: ap, uid: u1}
                spec:
                  replicas: 1
                  paused: true
                  template:
                    spec:
                      dnsPolicy: ClusterFirst
                      containers:
                      - {name: c2, image: "busybox:2", command: [sleep, "1"], imagePullPolicy: Always}
                status: {replicas: 1}
                """))
        .isEqualTo("{}");
  }

  @Test
  void takesAwayAFieldInsideAnElement() {
    assertThat(
            strategic(
                "Pod",
                "spec: {containers: [{name: c, image: i, workingDir: /a}]}",
                "spec: {containers: [{name: c, image: i}]}",
                "spec: {containers: [{name: c, image: i, workingDir: /a}]}"))
        .isEqualTo(
            "{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"c\"}],"
                + "\"containers\":[{\"name\":\"c\",\"workingDir\":null}]}}");
  }

  @Test
  void namesTheKeysToRetainWhenAVolumeChangesItsSource() {
    assertThat(
            strategic(
                "Pod",
                "spec: {volumes: [{name: v, emptyDir: {}}]}",
                "spec: {volumes: [{name: v, hostPath: {path: /x}}]}",
                "spec: {volumes: [{name: v, emptyDir: {}}]}"))
        .isEqualTo(
            "{\"spec\":{\"$setElementOrder/volumes\":[{\"name\":\"v\"}],\"volumes\":[{"
                + "\"$retainKeys\":[\"hostPath\",\"name\"],\"emptyDir\":null,"
                + "\"hostPath\":{\"path\":\"/x\"},\"name\":\"v\"}]}}");
  }

  @Test
  void namesTheKeysToRetainWhenTheStrategyChanges() {
    assertThat(
            strategic(
                "Deployment",
                "spec: {replicas: 1}",
                "spec: {replicas: 1, strategy: {type: Recreate}}",
                "spec: {replicas: 1, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%}}}"))
        .isEqualTo("{\"spec\":{\"strategy\":{\"$retainKeys\":[\"type\"],\"type\":\"Recreate\"}}}");
  }

  @Test
  void tellsOnlyTheOrderWhenElementsMoved() {
    assertThat(
            strategic(
                "Pod",
                "spec: {containers: [{name: a}, {name: b}]}",
                "spec: {containers: [{name: b}, {name: a}]}",
                "spec: {containers: [{name: a}, {name: b}]}"))
        .isEqualTo(
            "{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"b\"},{\"name\":\"a\"}]}}");
  }

  @Test
  void mergesPortsByTheKeyOfTheirParent() {
    assertThat(
            strategic(
                "Service",
                "spec: {ports: [{port: 80, targetPort: 1}]}",
                "spec: {ports: [{port: 80, targetPort: 2}]}",
                "spec: {ports: [{port: 80, targetPort: 1, nodePort: 30000}]}"))
        .isEqualTo(
            "{\"spec\":{\"$setElementOrder/ports\":[{\"port\":80}],"
                + "\"ports\":[{\"port\":80,\"targetPort\":2}]}}");
    assertThat(
            strategic(
                "NetworkPolicy",
                "spec: {ingress: [{ports: [{port: 80}]}]}",
                "spec: {ingress: [{ports: [{port: 81}]}]}",
                "spec: {ingress: [{ports: [{port: 80}]}]}"))
        .isEqualTo("{\"spec\":{\"ingress\":[{\"ports\":[{\"port\":81}]}]}}");
  }

  @Test
  void deletesFinalizersOneByOne() {
    assertThat(
            strategic(
                "Pod",
                "metadata: {finalizers: [a, b]}",
                "metadata: {finalizers: [a]}",
                "metadata: {finalizers: [a, b, other]}"))
        .isEqualTo(
            "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"b\"],"
                + "\"$setElementOrder/finalizers\":[\"a\"]}}");
  }

  @Test
  void takesWordsOfTheUserForNoFields() {
    assertThat(
            strategic(
                "ConfigMap",
                "metadata: {labels: {env: a}}",
                "metadata: {labels: {env: b}}",
                "metadata: {labels: {env: a}}"))
        .isEqualTo("{\"metadata\":{\"labels\":{\"env\":\"b\"}}}");
  }

  @Test
  void refusesAnElementWithoutItsKey() {
    assertThatThrownBy(() ->
            strategic(
                "Pod", "{}", "spec: {containers: [{image: x}]}", "spec: {containers: [{name: a}]}"))
        .isInstanceOf(KubectlException.class)
        .hasMessageContaining("does not contain declared merge key: name");
  }

  @Test
  void replacesListsOfCustomResourcesAsAWhole() {
    Map<String, Object> patch =
        ThreeWay.merge(
            yaml("spec: {a: 1, gone: x, list: [1, 2]}"),
            yaml("spec: {a: 2, list: [1]}"),
            yaml("spec: {a: 1, gone: x, list: [1, 2], server: set}"));
    assertThat(Json.compact(patch)).isEqualTo("{\"spec\":{\"a\":2,\"gone\":null,\"list\":[1]}}");
  }
}
