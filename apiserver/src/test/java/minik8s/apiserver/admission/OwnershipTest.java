package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Bench.DEPLOYMENT;
import static minik8s.apiserver.admission.Bench.POD;
import static minik8s.apiserver.admission.Bench.created;
import static minik8s.apiserver.admission.Bench.doc;
import static minik8s.apiserver.admission.Bench.strategy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.apiserver.kinds.CustomKinds;
import minik8s.apiserver.kinds.Kind;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class OwnershipTest {
  private static ObjectNode updated(ObjectNode doc, ObjectNode old) {
    Strategy strategy = strategy(doc);
    strategy.prepareForUpdate(doc, old);
    strategy.applyDefaults(doc);
    strategy.stampGeneration(doc, old);
    return doc;
  }

  private static int generation(ObjectNode doc) {
    return doc.at("/metadata/generation").asInt();
  }

  @Test
  void dropsTheStatusOfACreator() {
    ObjectNode deployment = created(DEPLOYMENT.replaceFirst("\\{", "{'status':{'replicas':7},"));

    assertThat(deployment.has("status")).isFalse();
    assertThat(generation(deployment)).isEqualTo(1);
  }

  @Test
  void letsNodesRegisterWithTheirStatus() {
    ObjectNode node =
        created(
            """
            {'apiVersion':'v1','kind':'Node','metadata':{'name':'n'},
             'status':{'capacity':{'cpu':'2'}}}
            """);

    assertThat(node.at("/status/capacity/cpu").asString()).isEqualTo("2");
  }

  @Test
  void keepsTheStatusFromWritersOfTheSpec() {
    ObjectNode old = created(DEPLOYMENT);
    old.putObject("status").put("replicas", 3);
    ObjectNode doc = doc(DEPLOYMENT.replaceFirst("\\{", "{'status':{'replicas':7},"));

    updated(doc, old);

    assertThat(doc.at("/status/replicas").asInt()).isEqualTo(3);
    assertThat(generation(doc)).isEqualTo(1);
  }

  @Test
  void keepsTheSpecFromWritersOfTheStatus() {
    ObjectNode old = created(DEPLOYMENT);
    ObjectNode doc = created(DEPLOYMENT.replace("'replicas':1", "'replicas':9"));
    doc.withObjectProperty("metadata").withObjectProperty("labels").put("x", "y");
    doc.putObject("status").put("observedGeneration", 1);

    strategy(doc).prepareForStatusUpdate(doc, old);
    strategy(doc).stampGeneration(doc, old);

    assertThat(doc.at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(doc.at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(doc.at("/status/observedGeneration").asInt()).isEqualTo(1);
    assertThat(generation(doc)).isEqualTo(1);
  }

  @Test
  void countsGenerationsOfTheWish() {
    ObjectNode old = created(DEPLOYMENT);

    ObjectNode scaled = updated(doc(DEPLOYMENT.replace("'replicas':1", "'replicas':2")), old);
    assertThat(generation(scaled)).isEqualTo(2);

    ObjectNode labelled = doc(DEPLOYMENT);
    labelled.withObjectProperty("metadata").withObjectProperty("labels").put("x", "y");
    assertThat(generation(updated(labelled, old))).isEqualTo(1);

    ObjectNode annotated = doc(DEPLOYMENT);
    annotated.withObjectProperty("metadata").withObjectProperty("annotations").put("x", "y");
    assertThat(generation(updated(annotated, old))).isEqualTo(2);

    ObjectNode cleared = doc(DEPLOYMENT.replace("'replicas':1,", "'paused':true,"));
    assertThat(generation(updated(cleared, old))).isEqualTo(2);
  }

  @Test
  void countsTheStatusOfCustomResourcesWithoutStatusSubresource() {
    Kind widget =
        CustomKinds.of(
                doc(
                    """
                    {'spec':{'group':'x.y','scope':'Cluster','names':{'kind':'W','plural':'ws'},
                     'versions':[{'name':'v1','served':true,'storage':true}]}}
                    """))
            .getFirst();
    Strategy strategy = new Strategies().of(widget);
    ObjectNode old = doc("{'metadata':{'name':'w','generation':4},'spec':{'a':1},'status':{}}");
    ObjectNode doc = old.deepCopy();
    doc.withObjectProperty("status").put("b", 2);

    strategy.prepareForUpdate(doc, old);
    strategy.stampGeneration(doc, old);

    assertThat(doc.at("/status/b").asInt()).isEqualTo(2);
    assertThat(generation(doc)).isEqualTo(5);
  }

  @Test
  void keepsTheFinalizersOfANamespaceFromItsWriters() {
    ObjectNode old = created("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'t'}}");
    ObjectNode doc =
        doc("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'t'},'spec':{}}");

    updated(doc, old);

    assertThat(doc.path("spec")).isEqualTo(doc("{'finalizers':['kubernetes']}"));
  }

  @Test
  void warnsOfWhatNothingActsOn() {
    ObjectNode pod =
        created(
            POD.replace(
                    "'name':'c',",
                    """
                    'name':'c','livenessProbe':{'tcpSocket':{'port':1}},'resizePolicy':[{'resourceName':'cpu'}],
                    'securityContext':{'runAsUser':1,'windowsOptions':{'hostProcess':true}},'tty':true,
                    """)
                .replace(
                    "'spec':{",
                    "'spec':{'initContainers':[{'name':'i','image':'i','restartPolicy':'Always'}],'nodeSelector':{'a':'b'},'hostUsers':false,"));

    assertThat(strategy(pod).warnings(pod))
        .containsExactlyInAnyOrder(
            "spec.containers[0].resizePolicy: stored but not acted on by this release",
            "spec.containers[0].securityContext.windowsOptions: stored but not acted on by this release",
            "spec.hostUsers: stored but not acted on by this release");
    ObjectNode policy = doc("{'apiVersion':'networking.k8s.io/v1','kind':'NetworkPolicy'}");
    assertThat(strategy(policy).warnings(policy))
        .containsExactly("NetworkPolicy: stored but not acted on by this release");
    ObjectNode plain = created(POD);
    Bench.admission(
            new minik8s.apiserver.kinds.FakeLookup()
                .with(
                    "",
                    "serviceaccounts",
                    doc("{'metadata':{'name':'default','namespace':'default'}}")))
        .admitCreate(Bench.kind("v1", "Pod"), plain);
    assertThat(strategy(plain).warnings(plain)).isEqualTo(List.of());
  }

  @Test
  void letsEphemeralContainersBeAddedAndNothingElse() {
    ObjectNode old = created(POD);
    ObjectNode doc = old.deepCopy();
    doc.withObject("/spec").put("nodeName", "elsewhere");
    doc.withObject("/spec")
        .putArray("ephemeralContainers")
        .addObject()
        .put("name", "debug")
        .put("image", "busybox:1.36")
        .put("targetContainerName", "c");

    EphemeralContainers.prepare(doc, old);

    assertThat(EphemeralContainers.validate(doc, old)).isEmpty();
    assertThat(doc.at("/spec/nodeName").isMissingNode()).isTrue();
    assertThat(doc.at("/spec/ephemeralContainers/0/imagePullPolicy").asString())
        .isEqualTo("IfNotPresent");
    assertThat(EphemeralContainers.validate(old.deepCopy(), doc))
        .extracting(FieldError::toString)
        .containsExactly(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"debug\" may not"
                + " be removed");
    ObjectNode wrong = doc.deepCopy();
    ((ObjectNode) wrong.at("/spec/ephemeralContainers/0"))
        .put("targetContainerName", "x")
        .putObject("lifecycle")
        .putObject("preStop")
        .putObject("sleep")
        .put("seconds", 1);
    assertThat(EphemeralContainers.validate(wrong, old))
        .extracting(FieldError::toString)
        .containsExactlyInAnyOrder(
            "spec.ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral"
                + " Container",
            "spec.ephemeralContainers[0].targetContainerName: Not found: \"x\"");
  }
}
