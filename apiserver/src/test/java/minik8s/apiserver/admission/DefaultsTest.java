package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Bench.DEPLOYMENT;
import static minik8s.apiserver.admission.Bench.POD;
import static minik8s.apiserver.admission.Bench.created;
import static minik8s.apiserver.admission.Bench.doc;
import static org.assertj.core.api.Assertions.assertThat;

import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DefaultsTest {
  @Test
  void completesADeploymentAsKubernetesDoes() {
    assertThat(created(DEPLOYMENT).path("spec"))
        .isEqualTo(
            doc(
                """
                {'replicas':1,'selector':{'matchLabels':{'app':'ap'}},
                 'template':{'metadata':{'labels':{'app':'ap'}},'spec':{'containers':[
                   {'name':'c1','image':'nginx:1','resources':{},
                    'terminationMessagePath':'/dev/termination-log',
                    'terminationMessagePolicy':'File','imagePullPolicy':'IfNotPresent'},
                   {'name':'c2','image':'busybox','command':['sleep','1'],'resources':{},
                    'terminationMessagePath':'/dev/termination-log',
                    'terminationMessagePolicy':'File','imagePullPolicy':'Always'}],
                  'restartPolicy':'Always','terminationGracePeriodSeconds':30,
                  'dnsPolicy':'ClusterFirst','securityContext':{},
                  'schedulerName':'default-scheduler'}},
                 'strategy':{'type':'RollingUpdate',
                   'rollingUpdate':{'maxUnavailable':'25%','maxSurge':'25%'}},
                 'revisionHistoryLimit':10,'progressDeadlineSeconds':600}
                """));
  }

  @Test
  void completesAPodAsKubernetesDoes() {
    ObjectNode pod =
        created(
            """
            {'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'hostNetwork':true,
             'volumes':[{'name':'none'},{'name':'cm','configMap':{'name':'x'}},
               {'name':'hp','hostPath':{'path':'/x'}},
               {'name':'da','downwardAPI':{'items':[{'path':'a',
                 'fieldRef':{'fieldPath':'metadata.name'}}]}}],
             'containers':[{'name':'c','image':'i:1','ports':[{'containerPort':80}],
              'resources':{'limits':{'cpu':2,'memory':'1Gi'}},
              'env':[{'name':'N','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}],
              'livenessProbe':{'httpGet':{'port':80},'timeoutSeconds':0}}]}}
            """);

    JsonNode spec = pod.path("spec");
    assertThat(spec.path("enableServiceLinks").asBoolean()).isTrue();
    JsonNode container = spec.path("containers").path(0);
    assertThat(container.path("ports").path(0))
        .isEqualTo(doc("{'containerPort':80,'hostPort':80,'protocol':'TCP'}"));
    assertThat(container.path("resources"))
        .isEqualTo(
            doc("{'limits':{'cpu':'2','memory':'1Gi'},'requests':{'cpu':'2','memory':'1Gi'}}"));
    assertThat(container.path("livenessProbe"))
        .isEqualTo(
            doc(
                """
                {'httpGet':{'port':80,'path':'/','scheme':'HTTP'},'timeoutSeconds':1,
                 'periodSeconds':10,'successThreshold':1,'failureThreshold':3}
                """));
    assertThat(container.at("/env/0/valueFrom/fieldRef/apiVersion").asString()).isEqualTo("v1");
    assertThat(spec.path("volumes"))
        .isEqualTo(
            Json.parse(
                """
                [{"name":"none","emptyDir":{}},
                 {"name":"cm","configMap":{"name":"x","defaultMode":420}},
                 {"name":"hp","hostPath":{"path":"/x","type":""}},
                 {"name":"da","downwardAPI":{"defaultMode":420,"items":[{"path":"a",
                   "fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}]}}]
                """));
    assertThat(pod.path("status")).isEqualTo(doc("{'phase':'Pending','qosClass':'Guaranteed'}"));
  }

  @ParameterizedTest
  @CsvSource({
    "nginx,Always",
    "nginx:latest,Always",
    "nginx:1.2,IfNotPresent",
    "localhost:5000/nginx,Always",
    "localhost:5000/nginx:1,IfNotPresent",
    "nginx@sha256:0123,IfNotPresent",
    "nginx:latest@sha256:0123,Always"
  })
  void pullsByTag(String image, String policy) {
    assertThat(ContainerDefaults.pullPolicy(image)).isEqualTo(policy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        POD,
        DEPLOYMENT,
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},'spec':{'ports':[{'port':80}]}}",
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'stringData':{'a':'b'}}",
        "{'apiVersion':'batch/v1','kind':'CronJob','metadata':{'name':'c'},'spec':{'jobTemplate':{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}}}}",
        "{'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'name':'s'},'spec':{'volumeClaimTemplates':[{'metadata':{'name':'d'},'spec':{}}]}}",
        "{'apiVersion':'apps/v1','kind':'DaemonSet','metadata':{'name':'s'},'spec':{'template':{'spec':{}}}}",
        "{'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'s'},'spec':{'template':{'spec':{}}}}",
        "{'apiVersion':'autoscaling/v2','kind':'HorizontalPodAutoscaler','metadata':{'name':'h'},'spec':{'maxReplicas':3,'behavior':{'scaleUp':{},'scaleDown':{}}}}",
        "{'apiVersion':'networking.k8s.io/v1','kind':'NetworkPolicy','metadata':{'name':'n'},'spec':{'egress':[{'ports':[{'port':1}]}]}}",
        "{'apiVersion':'v1','kind':'PersistentVolume','metadata':{'name':'n'},'spec':{'capacity':{'storage':5},'hostPath':{'path':'/'}}}",
        "{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'n'},'spec':{'names':{'kind':'Foo','plural':'foos'}}}"
      })
  void changesNothingTheSecondTime(String json) {
    ObjectNode once = created(json);
    ObjectNode twice = once.deepCopy();

    Bench.strategy(twice).applyDefaults(twice);

    assertThat(twice).isEqualTo(once);
    assertThat(once).isNotEqualTo(doc(json));
  }

  @Test
  void completesAService() {
    assertThat(
            created(
                    """
                    {'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},
                     'spec':{'type':'LoadBalancer','ports':[{'port':80,'nodePort':0}]}}
                    """)
                .path("spec"))
        .isEqualTo(
            doc(
                """
                {'type':'LoadBalancer','ports':[{'port':80,'nodePort':0,'protocol':'TCP',
                   'targetPort':80}],
                 'sessionAffinity':'None','externalTrafficPolicy':'Cluster',
                 'internalTrafficPolicy':'Cluster','allocateLoadBalancerNodePorts':true,
                 'ipFamilies':['IPv4'],'ipFamilyPolicy':'SingleStack'}
                """));
  }

  @Test
  void keepsSecretsEncoded() {
    ObjectNode secret =
        created(
            """
            {'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},
             'data':{'a':'b2xk','k':'a2VwdA=='},'stringData':{'a':'new'}}
            """);

    assertThat(secret.path("data")).isEqualTo(doc("{'a':'bmV3','k':'a2VwdA=='}"));
    assertThat(secret.has("stringData")).isFalse();
    assertThat(secret.path("type").asString()).isEqualTo("Opaque");
  }

  @Test
  void namesADefinitionsOtherForms() {
    JsonNode spec =
        created(
                """
                {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
                 'metadata':{'name':'foos.x.y'},'spec':{'names':{'kind':'Foo','plural':'foos'}}}
                """)
            .path("spec");

    assertThat(spec.path("names"))
        .isEqualTo(doc("{'kind':'Foo','plural':'foos','singular':'foo','listKind':'FooList'}"));
    assertThat(spec.path("conversion")).isEqualTo(doc("{'strategy':'None'}"));
  }

  @Test
  void startsANamespaceWithItsLabelAndFinalizer() {
    ObjectNode namespace =
        created("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'team'}}");

    assertThat(namespace.at("/metadata/labels"))
        .isEqualTo(doc("{'kubernetes.io/metadata.name':'team'}"));
    assertThat(namespace.path("spec")).isEqualTo(doc("{'finalizers':['kubernetes']}"));
    assertThat(namespace.path("status")).isEqualTo(doc("{'phase':'Active'}"));
  }
}
