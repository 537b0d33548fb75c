package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.StorageClass;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.VolumeDuty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeBindingTest {
  private static final String NONE_LEFT =
      "node(s) didn't find available persistent volumes to bind";
  private static final String POD =
      "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]";

  private final VolumeBinding plugin = new VolumeBinding();
  private final ClusterState cluster = new ClusterState();
  private final PodView pod = Ask.pod(POD);

  @BeforeEach
  void fill() {
    cluster.put(node("a").label("kubernetes.io/hostname", "a").build());
    cluster.put(node("b").label("kubernetes.io/hostname", "b").build());
    storageClass("local", "kubernetes.io/no-provisioner", "WaitForFirstConsumer");
    storageClass("made", "example.com/maker", "WaitForFirstConsumer");
    storageClass("fast", "example.com/maker", "Immediate");
  }

  @Test
  void asksNothingOfPodsWithoutClaims() {
    assertThat(plugin.prepareFilter(Ask.pod("{}"), cluster)).isNull();
  }

  @Test
  void saysWhatIsWrongWithAClaimWhateverTheNode() {
    assertThat(refusal()).isEqualTo("persistentvolumeclaim \"data\" not found");
    claim("fast", "{}", "");
    assertThat(refusal()).isEqualTo("pod has unbound immediate PersistentVolumeClaims");
    claim("local", "{deletionTimestamp: '2026-01-01T00:00:00Z'}", "");
    assertThat(refusal()).isEqualTo("persistentvolumeclaim \"data\" is being deleted");
    claim("local", "{}", "status: {phase: Lost}");
    assertThat(refusal())
        .isEqualTo("persistentvolumeclaim \"data\" bound to non-existent persistentvolume \"\"");
  }

  @Test
  void waitsForTheClaimOfAVolumeOfThePodsOwn() {
    PodView own = Ask.pod("volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {}}}]");
    assertThat(own.claims()).containsExactly("default/p-scratch");
    Filter.Check check = plugin.prepareFilter(own, cluster);
    assertThat(check)
        .isEqualTo(
            new Filter.Refusal(
                "waiting for ephemeral volume controller to create the persistentvolumeclaim"
                    + " \"p-scratch\""));
  }

  @Test
  void goesWhereTheBoundVolumeIs() {
    volume("pv-a", "local", "1Gi", "a");
    claim("local", "{annotations: {pv.kubernetes.io/bind-completed: 'yes'}}", "", "pv-a");
    assertThat(reasons("a")).isEmpty();
    assertThat(reasons("b")).containsExactly("node(s) had volume node affinity conflict");
    cluster.putVolume("pv-a", null);
    assertThat(reasons("a"))
        .containsExactly(
            "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  }

  @Test
  void findsTheSmallestVolumeThatIsLargeEnough() {
    claim("local", "{}", "");
    volume("small", "local", "100Mi", "a");
    assertThat(reasons("a")).containsExactly(NONE_LEFT);
    volume("large", "local", "10Gi", "a");
    volume("fitting", "local", "2Gi", "a");
    assertThat(reasons("b")).containsExactly(NONE_LEFT);
    assertThat(duties("a"))
        .singleElement()
        .isInstanceOfSatisfying(
            VolumeDuty.Promise.class,
            promise -> assertThat(promise.volume().metadata().name()).isEqualTo("fitting"));
  }

  @Test
  void promisesAVolumeToOneClaimOnly() {
    claim("local", "{}", "");
    volume("pv", "local", "1Gi", "a");
    List<VolumeDuty> duties = duties("a");
    cluster.promise(duties);
    assertThat(reasons("a")).as("its own promise").isEmpty();
    cluster.putClaim("default/other", claim("other", "local", "{}", "", ""));
    PodView other = Ask.pod(POD.replace("data", "other"));
    assertThat(Ask.reasons(plugin, other, view("a"), cluster)).containsExactly(NONE_LEFT);
    cluster.takeBack(duties);
    assertThat(Ask.reasons(plugin, other, view("a"), cluster)).isEmpty();
  }

  @Test
  void needsAVolumeForEachClaim() {
    claim("local", "{}", "");
    cluster.putClaim("default/more", claim("more", "local", "{}", "", ""));
    volume("pv", "local", "1Gi", "a");
    PodView both =
        Ask.pod(
            "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}, {name: w,"
                + " persistentVolumeClaim: {claimName: more}}]");
    assertThat(Ask.reasons(plugin, both, view("a"), cluster)).containsExactly(NONE_LEFT);
    volume("pv-2", "local", "1Gi", "a");
    assertThat(Ask.reasons(plugin, both, view("a"), cluster)).isEmpty();
  }

  @Test
  void asksTheProvisionerWhereNoVolumeExists() {
    claim("made", "{}", "");
    assertThat(duties("b"))
        .singleElement()
        .isInstanceOfSatisfying(
            VolumeDuty.Provision.class, asked -> assertThat(asked.node()).isEqualTo("b"));
  }

  @Test
  void staysWithTheNodeForWhichAVolumeWasAsked() {
    claim("made", "{annotations: {volume.kubernetes.io/selected-node: a}}", "");
    assertThat(reasons("a")).isEmpty();
    assertThat(reasons("b")).containsExactly(NONE_LEFT);
  }

  @Test
  void asksForVolumesOnlyWhereTheClassAllows() {
    cluster.putClass(
        "made",
        Json.read(
            Yaml.documents(
                    """
                    metadata: {name: made}
                    provisioner: example.com/maker
                    volumeBindingMode: WaitForFirstConsumer
                    allowedTopologies:
                    - matchLabelExpressions: [{key: kubernetes.io/hostname, values: [a]}]
                    """)
                .getFirst(),
            StorageClass.class));
    claim("made", "{}", "");
    assertThat(reasons("a")).isEmpty();
    assertThat(reasons("b")).containsExactly(NONE_LEFT);
  }

  @Test
  void letsOnePodAtATimeUseAReadWriteOncePodClaim() {
    VolumeRestrictions restrictions = new VolumeRestrictions();
    cluster.putClaim(
        "default/data",
        Json.read(
            Yaml.documents(
                    """
                    metadata: {name: data, namespace: default}
                    spec: {accessModes: [ReadWriteOncePod]}
                    """)
                .getFirst(),
            PersistentVolumeClaim.class));
    assertThat(Ask.reasons(restrictions, pod, view("a"), cluster)).isEmpty();
    cluster.place(PodView.of(Ask.pod("user", POD)), "b");
    assertThat(Ask.reasons(restrictions, pod, view("a"), cluster))
        .containsExactly(
            "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod"
                + " access mode");
    cluster.removePod("uid-user");
    assertThat(Ask.reasons(restrictions, pod, view("a"), cluster)).isEmpty();
  }

  private String refusal() {
    return plugin.prepareFilter(pod, cluster) instanceof Filter.Refusal refusal
        ? refusal.reason()
        : "";
  }

  private List<String> reasons(String node) {
    return Ask.reasons(plugin, pod, view(node), cluster);
  }

  private List<VolumeDuty> duties(String node) {
    return Objects.requireNonNull(plugin.prepareFilter(pod, cluster)).duties(view(node));
  }

  private NodeView view(String name) {
    return Objects.requireNonNull(cluster.node(name));
  }

  private void storageClass(String name, String provisioner, String mode) {
    cluster.putClass(
        name,
        Json.read(
            Yaml.documents(
                    "{metadata: {name: %s}, provisioner: %s, volumeBindingMode: %s}"
                        .formatted(name, provisioner, mode))
                .getFirst(),
            StorageClass.class));
  }

  private void claim(String sort, String meta, String more) {
    claim(sort, meta, more, "");
  }

  private void claim(String sort, String meta, String more, String volume) {
    cluster.putClaim("default/data", claim("data", sort, meta, more, volume));
  }

  private static PersistentVolumeClaim claim(
      String name, String sort, String meta, String more, String volume) {
    var document =
        (tools.jackson.databind.node.ObjectNode)
            Yaml.documents(
                    """
                    metadata: %s
                    spec:
                      accessModes: [ReadWriteOnce]
                      storageClassName: %s
                      volumeName: "%s"
                      resources: {requests: {storage: 1Gi}}
                    %s
                    """
                        .formatted(meta, sort, volume, more))
                .getFirst();
    document
        .withObject("metadata")
        .put("name", name)
        .put("namespace", "default")
        .put("uid", "uid-" + name);
    return Json.read(document, PersistentVolumeClaim.class);
  }

  private void volume(String name, String sort, String size, String host) {
    cluster.putVolume(
        name,
        Json.read(
            Yaml.documents(
                    """
                    metadata: {name: %s}
                    spec:
                      accessModes: [ReadWriteOnce]
                      storageClassName: %s
                      capacity: {storage: %s}
                      nodeAffinity:
                        required:
                          nodeSelectorTerms:
                          - matchExpressions:
                            - {key: kubernetes.io/hostname, operator: In, values: [%s]}
                    status: {phase: Available}
                    """
                        .formatted(name, sort, size, host))
                .getFirst(),
            PersistentVolume.class));
  }
}
