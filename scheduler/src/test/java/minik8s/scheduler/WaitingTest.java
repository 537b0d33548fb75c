package minik8s.scheduler;

import static minik8s.scheduler.Nodes.node;
import static minik8s.testing.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.client.PatchType;
import minik8s.testing.Pods;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What wakes pods that wait for other pods or for volumes, and what does not. */
class WaitingTest {
  private static final String NEAR_DB =
      """
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: host, labelSelector: {matchLabels: {app: db}}}
      """;
  private static final String FAR_FROM_WEB =
      """
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: host, labelSelector: {matchLabels: {app: web}}}
      """;
  private static final String WITH_CLAIM =
      "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]";

  private final Bed bed = new Bed();

  @BeforeEach
  void nodes() {
    bed.create(node("a").label("host", "a").label("kubernetes.io/hostname", "a"));
  }

  @AfterEach
  void close() {
    bed.close();
  }

  @Test
  void comesWhenThePodIsThereThatItWantsToBeNear() {
    bed.create(with("web", "web", NEAR_DB));
    bed.settle();
    assertThat(bed.condition("web").message())
        .startsWith("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
    bed.create(with("other", "other", "{}"));
    assertThat(bed.settle()).as("a stranger wakes nobody").isEqualTo(1);
    bed.create(with("db", "db", "{}"));
    bed.settle();
    assertThat(bed.nodeOf("web")).isEqualTo("a");
  }

  @Test
  void comesWhenThePodIsGoneThatItWantsToBeFarFrom() {
    bed.create(with("web-1", "web", "{}"));
    bed.create(with("other", "other", "{}"));
    bed.settle();
    bed.create(with("web-2", "web", FAR_FROM_WEB));
    bed.settle();
    assertThat(bed.nodeOf("web-2")).isEmpty();
    bed.delete("other");
    assertThat(bed.settle()).as("a stranger wakes nobody").isZero();
    bed.delete("web-1");
    bed.settle();
    assertThat(bed.nodeOf("web-2")).isEqualTo("a");
  }

  @Test
  void comesWhenASpreadAllowsIt() {
    bed.create(node("b").label("host", "b").offers(Map.of("pods", "1")));
    String spread =
        """
        topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: host
          whenUnsatisfiable: DoNotSchedule
          labelSelector: {matchLabels: {app: web}}
        """;
    bed.create(with("other", "other", "nodeSelector: {host: b}"));
    bed.create(with("web-1", "web", spread));
    bed.settle();
    bed.create(with("web-2", "web", spread));
    bed.settle();
    assertThat(bed.nodeOf("web-2")).isEmpty();
    bed.delete("other");
    bed.settle();
    assertThat(bed.nodeOf("web-2")).isEqualTo("b");
  }

  @Test
  void saysThatAClaimIsMissingAndComesWhenItIsBound() {
    bed.create(with("web", "web", WITH_CLAIM));
    bed.settle();
    assertThat(bed.condition("web").message())
        .isEqualTo(
            "0/1 nodes are available: persistentvolumeclaim \"data\" not found. preemption: 0/1"
                + " nodes are available: 1 Preemption is not helpful for scheduling.");
    claim("fast");
    bed.settle();
    assertThat(bed.condition("web").message())
        .startsWith(
            "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption");
    create(
        Resources.PERSISTENT_VOLUMES, "{metadata: {name: pv}, spec: {capacity: {storage: 1Gi}}}");
    bindClaim("pv");
    bed.settle();
    assertThat(bed.nodeOf("web")).isEqualTo("a");
  }

  @Test
  void bindsAPodOnlyOnceItsProvisionedVolumeIsBound() {
    waitingClass("made", "example.com/maker");
    claim("made");
    bed.create(with("web", "web", WITH_CLAIM));
    bed.settle();
    assertThat(claim().at("/metadata/annotations/volume.kubernetes.io~1selected-node").asString())
        .isEqualTo("a");
    assertThat(bed.nodeOf("web")).isEmpty();
    create(
        Resources.PERSISTENT_VOLUMES, "{metadata: {name: pv}, spec: {capacity: {storage: 1Gi}}}");
    bindClaim("pv");
    bed.settle();
    assertThat(bed.nodeOf("web")).isEqualTo("a");
  }

  @Test
  void promisesAVolumeThatExists() {
    waitingClass("local", "kubernetes.io/no-provisioner");
    claim("local");
    bed.create(with("web", "web", WITH_CLAIM));
    bed.settle();
    assertThat(bed.condition("web").message())
        .startsWith(
            "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.");
    create(
        Resources.PERSISTENT_VOLUMES,
        """
        metadata: {name: pv}
        spec: {capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], storageClassName: local}
        status: {phase: Available}
        """);
    later();
    JsonNode volume = bed.api.document(Resources.PERSISTENT_VOLUMES, ObjectKey.cluster("pv"));
    assertThat(volume.at("/spec/claimRef/name").asString()).isEqualTo("data");
    assertThat(volume.at("/spec/claimRef/uid").asString())
        .isEqualTo(claim().at("/metadata/uid").asString());
    bindClaim("pv");
    bed.settle();
    assertThat(bed.nodeOf("web")).isEqualTo("a");
  }

  @Test
  void looksForAnotherNodeWhenTheProvisionerRefuses() {
    waitingClass("made", "example.com/maker");
    claim("made");
    bed.create(with("web", "web", WITH_CLAIM));
    bed.settle();
    bed.api.patch(
        Resources.PERSISTENT_VOLUME_CLAIMS,
        new ObjectKey("default", "data"),
        "",
        PatchType.MERGE,
        Json.parse("{\"metadata\":{\"annotations\":null}}"));
    bed.api.clearWrites();
    later();
    assertThat(bed.api.writes().stream().filter(w -> w.plural().equals("persistentvolumeclaims")))
        .as("asked again")
        .hasSize(1);
  }

  @Test
  void givesUpWaitingForAVolumeAfterTenMinutes() {
    waitingClass("made", "example.com/maker");
    claim("made");
    bed.create(with("web", "web", WITH_CLAIM));
    bed.settle();
    bed.timers.advance(Duration.ofMinutes(10));
    bed.settle();
    assertThat(bed.condition("web").message())
        .isEqualTo("Binding rejected: binding volumes: context deadline exceeded");
    assertThat(bed.nodeOf("web")).isEmpty();
  }

  /** Lets every back-off end. */
  private void later() {
    bed.settle();
    bed.timers.advance(Duration.ofSeconds(10));
    bed.settle();
  }

  private static Pods with(String name, String app, String spec) {
    Pods pod = pod(name).label("app", app);
    pod.document().withObject("spec").setAll((ObjectNode) Yaml.documents(spec).getFirst());
    return pod;
  }

  private void waitingClass(String name, String provisioner) {
    create(
        Resources.STORAGE_CLASSES,
        "{metadata: {name: %s}, provisioner: %s, volumeBindingMode: WaitForFirstConsumer}"
            .formatted(name, provisioner));
  }

  private void claim(String sort) {
    create(
        Resources.PERSISTENT_VOLUME_CLAIMS,
        """
        metadata: {name: data}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: %s
          resources: {requests: {storage: 1Gi}}
        """
            .formatted(sort));
  }

  private JsonNode claim() {
    return bed.api.document(Resources.PERSISTENT_VOLUME_CLAIMS, new ObjectKey("default", "data"));
  }

  /** What the volume controller does. */
  private void bindClaim(String volume) {
    bed.api.patch(
        Resources.PERSISTENT_VOLUME_CLAIMS,
        new ObjectKey("default", "data"),
        "",
        PatchType.MERGE,
        Json.parse(
            "{\"metadata\":{\"annotations\":{\"pv.kubernetes.io/bind-completed\":\"yes\"}},"
                + "\"spec\":{\"volumeName\":\""
                + volume
                + "\"}}"));
  }

  private void create(Resource<?> resource, String yaml) {
    bed.api.create(resource, "default", Yaml.documents(yaml).getFirst());
  }
}
