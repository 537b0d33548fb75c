package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Bench.POD;
import static minik8s.apiserver.admission.Bench.admission;
import static minik8s.apiserver.admission.Bench.created;
import static minik8s.apiserver.admission.Bench.doc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.FakeLookup;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AdmissionTest {
  private final FakeLookup lookup =
      new FakeLookup()
          .with(
              "",
              "serviceaccounts",
              doc("{'metadata':{'name':'default','namespace':'default','uid':'u'}}"));

  private ObjectNode admitted(String json) {
    ObjectNode doc = created(json);
    admission(lookup)
        .admitCreate(
            Bench.kind(doc.path("apiVersion").asString(""), doc.path("kind").asString("")), doc);
    return doc;
  }

  @Test
  void givesPodsTheirAccountTokenPriorityAndPatience() {
    ObjectNode pod = admitted(POD);

    JsonNode spec = pod.path("spec");
    assertThat(spec.path("serviceAccountName").asString()).isEqualTo("default");
    assertThat(spec.path("priority").asInt(-1)).isZero();
    assertThat(spec.path("preemptionPolicy").asString()).isEqualTo("PreemptLowerPriority");
    assertThat(spec.path("tolerations"))
        .isEqualTo(
            Json.parse(
                """
                [{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",
                  "tolerationSeconds":300},
                 {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute",
                  "tolerationSeconds":300}]
                """));
    String volume = spec.at("/volumes/0/name").asString();
    assertThat(volume).matches("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(spec.at("/containers/0/volumeMounts/0"))
        .isEqualTo(
            Json.parse(
                """
                {"name":"%s","readOnly":true,
                 "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}
                """
                    .formatted(volume)));
    assertThat(Bench.strategy(pod).validate(pod)).isEmpty();
  }

  @Test
  void mountsNoTokenWhereNoneIsWished() {
    assertThat(
            admitted(POD.replace("'spec':{", "'spec':{'automountServiceAccountToken':false,"))
                .at("/spec/volumes")
                .isMissingNode())
        .isTrue();
    lookup.without("", "serviceaccounts", "default", "default");
    assertThat(admitted(POD).at("/spec/volumes").isMissingNode()).isTrue();
  }

  @Test
  void refusesPodsOfAnUnknownAccount() {
    assertThatThrownBy(
            () -> admitted(POD.replace("'spec':{", "'spec':{'serviceAccountName':'foo',")))
        .hasMessage(
            "pods \"p\" is forbidden: error looking up service account default/foo:"
                + " serviceaccount \"foo\" not found");
  }

  @Test
  void resolvesPriorityClasses() {
    String wish = POD.replace("'spec':{", "'spec':{'priorityClassName':'high',");
    assertThatThrownBy(() -> admitted(wish))
        .hasMessage("pods \"p\" is forbidden: no PriorityClass with name high was found");

    lookup.with(
        "scheduling.k8s.io",
        "priorityclasses",
        doc("{'metadata':{'name':'high'},'value':1000,'preemptionPolicy':'Never'}"));
    assertThat(admitted(wish).at("/spec/priority").asInt()).isEqualTo(1000);
    assertThat(admitted(wish).at("/spec/preemptionPolicy").asString()).isEqualTo("Never");
    assertThat(
            admitted(wish.replace("'high'", "'system-node-critical'")).at("/spec/priority").asInt())
        .isEqualTo(2_000_001_000);
  }

  @Test
  void keepsOwnPatience() {
    ObjectNode pod =
        admitted(POD.replace("'spec':{", "'spec':{'tolerations':[{'operator':'Exists'}],"));

    assertThat(pod.at("/spec/tolerations")).hasSize(1);
  }

  @Test
  void choosesTheDefaultStorageClass() {
    lookup.with(
        "storage.k8s.io",
        "storageclasses",
        doc(
            """
            {'metadata':{'name':'fast','creationTimestamp':'2026-01-01T00:00:00Z',
             'annotations':{'storageclass.kubernetes.io/is-default-class':'true'}}}
            """));

    String claim =
        """
        {'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'c'},'spec':{}}
        """;
    assertThat(admitted(claim).at("/spec/storageClassName").asString()).isEqualTo("fast");
    assertThat(
            admitted(claim.replace("'spec':{}", "'spec':{'storageClassName':''}"))
                .at("/spec/storageClassName")
                .asString())
        .isEmpty();
  }

  @Test
  void refusesServiceAddressesOutsideTheRange() {
    String service =
        """
        {'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},
         'spec':{'clusterIP':'10.96.4.4','ports':[{'port':1}]}}
        """;
    assertThat(admitted(service).at("/spec/clusterIP").asString()).isEqualTo("10.96.4.4");
    assertThatThrownBy(() -> admitted(service.replace("10.96.4.4", "10.97.0.1")))
        .hasMessageContaining(
            "failed to allocate IP 10.97.0.1: the provided IP (10.97.0.1) is not in the valid"
                + " range. The range of valid IPs is 10.96.0.0/16");
  }

  @Test
  void selectsThePodsOfAJobByItsUid() {
    ObjectNode job =
        admitted(
            """
            {'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'j','uid':'u-1'},
             'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}],
               'restartPolicy':'Never'}}}}
            """);

    assertThat(job.at("/spec/selector/matchLabels/batch.kubernetes.io~1controller-uid").asString())
        .isEqualTo("u-1");
  }

  @Test
  void fillsInTheDefaultsOfALimitRange() {
    lookup.with(
        "",
        "limitranges",
        created(
            """
            {'apiVersion':'v1','kind':'LimitRange','metadata':{'name':'r','namespace':'default'},
             'spec':{'limits':[{'type':'Container','default':{'cpu':'500m','memory':'1Gi'},
               'defaultRequest':{'cpu':'100m'}}]}}
            """));
    ObjectNode pod = admitted(POD);
    assertThat(pod.at("/spec/containers/0/resources").toString())
        .isEqualTo(
            "{\"requests\":{\"cpu\":\"100m\",\"memory\":\"1Gi\"},"
                + "\"limits\":{\"cpu\":\"500m\",\"memory\":\"1Gi\"}}");
    assertThat(pod.at("/metadata/annotations/kubernetes.io~1limit-ranger").asString())
        .isEqualTo(
            "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for"
                + " container c");
    assertThat(pod.at("/status/qosClass").asString()).isEqualTo("Burstable");
  }

  @Test
  void refusesWhatIsOutsideALimitRange() {
    lookup.with(
        "",
        "limitranges",
        doc(
            """
            {'metadata':{'name':'r','namespace':'default'},'spec':{'limits':[
              {'type':'Container','min':{'cpu':'100m'},'max':{'memory':'1Gi'},
               'maxLimitRequestRatio':{'cpu':'2'}},
              {'type':'Pod','max':{'cpu':'1'}},
              {'type':'PersistentVolumeClaim','min':{'storage':'1Gi'},'max':{'storage':'2Gi'}}]}}
            """));
    String wish =
        POD.replace(
            "'image'",
            "'resources':{'requests':{'cpu':'50m'},'limits':{'cpu':'2','memory':'2Gi'}},'image'");
    assertThatThrownBy(() -> admitted(wish))
        .hasMessage(
            "pods \"p\" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m,"
                + " maximum memory usage per Container is 1Gi, but limit is 2Gi, cpu max limit to"
                + " request ratio per Container is 2, but provided ratio is 40.000000, maximum cpu"
                + " usage per Pod is 1, but limit is 2]");
    String claim =
        """
        {'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'c','namespace':'default'},
         'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'3Gi'}}}}
        """;
    assertThatThrownBy(() -> admitted(claim))
        .hasMessage(
            "persistentvolumeclaims \"c\" is forbidden: maximum storage usage per"
                + " PersistentVolumeClaim is 2Gi, but request is 3Gi");
    assertThat(admitted(claim.replace("3Gi", "2Gi")).at("/metadata/finalizers/0").asString())
        .isEqualTo("kubernetes.io/pvc-protection");
  }
}
