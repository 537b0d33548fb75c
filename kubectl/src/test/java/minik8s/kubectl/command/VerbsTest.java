package minik8s.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.FakeServer;
import minik8s.kubectl.FakeServer.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verb once over real TLS: what it asks the server, what it prints, how it exits. */
class VerbsTest {
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String TABLE =
      """
      {"kind":"Table","metadata":{"resourceVersion":"5"},"columnDefinitions":[
      {"name":"Name","type":"string","format":"name","priority":0},{"name":"Status","type":"string","priority":0}],
      "rows":[{"cells":["web","Running"],"object":{"metadata":{"name":"web","namespace":"default"}}}]}\
      """;
  private static final String POD =
      """
      {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"default","uid":"u1",
      "resourceVersion":"5","labels":{"app":"web"}},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]},
      "status":{"phase":"Running"}}\
      """;
  private static final String REPLICA_SETS =
      """
      {"kind":"ReplicaSetList","items":[%s,%s]}\
      """
          .formatted(replicaSet(1), replicaSet(2));

  @TempDir Path folder = Path.of("");
  private FakeServer server = FakeServer.start(folder);

  @BeforeEach
  void restart() {
    server.close();
    server = FakeServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String replicaSet(int revision) {
    return """
    {"metadata":{"name":"web-%1$d","ownerReferences":[{"uid":"d1","controller":true}],
    "annotations":{"deployment.kubernetes.io/revision":"%1$d"}},"spec":{"template":{"metadata":{"labels":
    {"app":"web","pod-template-hash":"h%1$d"}},"spec":{"containers":[{"name":"c","image":"i:%1$d"}]}}}}\
    """
        .formatted(revision);
  }

  private static String deployment(int available) {
    return """
    {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"default","uid":"d1",
    "generation":2,"resourceVersion":"7","annotations":{"deployment.kubernetes.io/revision":"2"}},
    "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
    "spec":{"containers":[{"name":"c","image":"i:2"}]}}},
    "status":{"observedGeneration":2,"replicas":2,"updatedReplicas":2,"availableReplicas":%d}}\
    """
        .formatted(available);
  }

  private static String list(String version, String... items) {
    return "{\"metadata\":{\"resourceVersion\":\""
        + version
        + "\"},\"items\":["
        + String.join(",", items)
        + "]}";
  }

  private static String event(String type, String object) {
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
  }

  private String file(String text) {
    try {
      return Files.writeString(folder.resolve("f.yaml"), text).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void ok(Outcome outcome, String out) {
    assertThat(outcome).isEqualTo(new Outcome(0, out, ""));
  }

  private static void fails(Outcome outcome, String err) {
    assertThat(outcome).isEqualTo(new Outcome(1, "", err + "\n"));
  }

  @Test
  void getPrintsTheServersTable() {
    server.on("GET " + PODS + "?limit=500", TABLE);
    ok(server.run("get", "pods"), "NAME   STATUS\nweb    Running\n");
    assertThat(server.last().headers())
        .containsEntry("authorization", "Bearer secret-token")
        .hasEntrySatisfying("accept", accept -> assertThat(accept).contains("as=Table"));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void getFollowsThePages() {
    String first = TABLE.replace("\"resourceVersion\":\"5\"", "\"continue\":\"tok\"");
    server.on("GET " + PODS + "?limit=500", first);
    server.on("GET " + PODS + "?continue=tok&limit=500", TABLE.replace("\"web\"", "\"web2\""));
    ok(server.run("get", "po"), "NAME   STATUS\nweb    Running\nweb2   Running\n");
  }

  @Test
  void getWatches() {
    server.on("GET " + PODS + "?limit=500", TABLE);
    server.on(
        "GET " + PODS + "?resourceVersion=5&watch=true",
        event("MODIFIED", TABLE.replace("Running", "Done")));
    ok(server.run("get", "pods", "-w"), "NAME   STATUS\nweb    Running\nweb    Done\n");
  }

  @Test
  void getPrintsDocuments() {
    server.on("GET " + PODS + "/web", POD);
    ok(server.run("get", "pod", "web", "-o", "name"), "pod/web\n");
    ok(server.run("get", "pod/web", "-o=jsonpath={.status.phase}"), "Running");
    ok(
        server.run("get", "pod/web", "-ocustom-columns=N:.metadata.name,X:.none"),
        "N     X\nweb   <none>\n");
    assertThat(server.run("get", "pod", "web", "-o", "yaml").out())
        .startsWith("apiVersion: v1\nkind: Pod\n");
    assertThat(server.run("get", "pod", "web", "-o", "json").out())
        .startsWith("{\n    \"apiVersion\": \"v1\"");
  }

  @Test
  void getSaysWhatIsNotThere() {
    fails(server.run("get", "pod", "zz"), "Error from server (NotFound): pods \"zz\" not found");
    ok(server.run("get", "pod", "zz", "--ignore-not-found"), "");
    server.on("GET /api", "{\"versions\":[\"v1\"]}").on("GET /apis", "{\"groups\":[]}");
    fails(server.run("get", "foo"), "error: the server doesn't have a resource type \"foo\"");
    server.on("GET " + PODS + "?limit=500", TABLE.replaceFirst("\"rows\":.*", "\"rows\":[]}"));
    assertThat(server.run("get", "pods"))
        .isEqualTo(new Outcome(0, "", "No resources found in default namespace.\n"));
  }

  @Test
  void getRemembersDiscovery() {
    server.on("GET /api", "{\"versions\":[]}");
    server.on(
        "GET /apis",
        """
        {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"ex.org"},"versions":[{"version":"v1","resources":[
        {"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Namespaced","singularResource":"widget",
        "verbs":["get","list"],"shortNames":["wd"],"categories":["all"]}]}]}]}\
        """);
    server.on("GET /apis/ex.org/v1/namespaces/default/widgets?limit=500", TABLE);
    assertThat(server.run("get", "wd").code()).isZero();
    assertThat(server.run("get", "widgets.ex.org").code()).isZero();
    assertThat(server.lines().stream().filter("GET /apis"::equals)).hasSize(1);
  }

  @Test
  void applyCreatesThenPatchesThenRests() {
    String name = "/api/v1/namespaces/default/configmaps";
    String yaml =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm1}\ndata: {a: '1', b: '2'}\n";
    String write = "?fieldManager=kubectl-client-side-apply&fieldValidation=Strict";
    server.on("POST " + name + write, "{}");
    ok(server.run("apply", "-f", file(yaml)), "configmap/cm1 created\n");
    String sent = server.last().body();
    assertThat(sent)
        .contains(
            "\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"apiVersion\\\":\\\"v1\\\","
                + "\\\"data\\\":{\\\"a\\\":\\\"1\\\",\\\"b\\\":\\\"2\\\"},\\\"kind\\\":\\\"ConfigMap\\\","
                + "\\\"metadata\\\":{\\\"annotations\\\":{},\\\"name\\\":\\\"cm1\\\","
                + "\\\"namespace\\\":\\\"default\\\"}}\\n\"");
    server.on("GET " + name + "/cm1", sent);
    ok(server.run("apply", "-f", file(yaml)), "configmap/cm1 unchanged\n");
    server.on("PATCH " + name + "/cm1" + write, "{}");
    ok(
        server.run("apply", "-f", file(yaml.replace("'1', b: '2'", "'9'"))),
        "configmap/cm1 configured\n");
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/strategic-merge-patch+json");
    assertThat(server.last().body())
        .startsWith("{\"data\":{\"a\":\"9\",\"b\":null},\"metadata\":{\"annotations\":");
  }

  @Test
  void applyOnTheServerSendsTheObject() {
    String path = "/api/v1/namespaces/default/configmaps/c";
    server.on("PATCH " + path + "?fieldManager=kubectl&fieldValidation=Strict&force=false", "{}");
    String yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    ok(server.run("apply", "--server-side", "-f", file(yaml)), "configmap/c serverside-applied\n");
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/apply-patch+yaml");
  }

  @Test
  void applyTellsEveryFailureAndGoesOn() {
    server.on("GET /api", "{\"versions\":[]}").on("GET /apis", "{\"groups\":[]}");
    server.on(
        "POST " + PODS + "?fieldManager=kubectl-client-side-apply&fieldValidation=Strict",
        422,
        """
        {"kind":"Status","status":"Failure","reason":"Invalid","code":422,"message":"x","details":{"kind":"Pod","name":"p",
        "causes":[{"field":"spec.a","message":"Required value"},{"field":"spec.b","message":"bad"}]}}\
        """);
    String yaml =
        "apiVersion: ex.org/v1\nkind: Foo\nmetadata: {name: x}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n";
    String file = file(yaml);
    fails(
        server.run("apply", "-f", file),
        "resource mapping not found for name: \"x\" namespace: \"\" from \""
            + file
            + "\": no matches for kind \"Foo\" in version \"ex.org/v1\"\nensure CRDs are installed first\n"
            + "The Pod \"p\" is invalid: \n* spec.a: Required value\n* spec.b: bad");
  }

  @Test
  void createSaysWhatTheServerRefused() {
    String file = file("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {bad: 1}\n");
    server.on(
        "POST " + PODS + "?fieldManager=kubectl-create&fieldValidation=Strict",
        400,
        FakeServer.status(
            "BadRequest", "strict decoding error: unknown field \\\"spec.bad\\\"", 400));
    fails(
        server.run("create", "-f", file),
        "Error from server (BadRequest): error when creating \""
            + file
            + "\": strict decoding error: unknown field \"spec.bad\"");
  }

  @Test
  void createGenerates() {
    ok(
        server.run(
            "create", "deployment", "d", "--image=nginx:1", "--dry-run=client", "-o", "yaml"),
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          labels:
            app: d
          name: d
        spec:
          replicas: 1
          selector:
            matchLabels:
              app: d
          strategy: {}
          template:
            metadata:
              labels:
                app: d
            spec:
              containers:
              - image: nginx:1
                name: nginx
                resources: {}
        """);
    server.on("POST /api/v1/namespaces?fieldManager=kubectl-create&fieldValidation=Strict", "{}");
    ok(server.run("create", "ns", "n"), "namespace/n created\n");
    server.on(
        "POST /api/v1/namespaces/default/secrets?fieldManager=kubectl-create&fieldValidation=Strict",
        "{}");
    ok(server.run("create", "secret", "generic", "s", "--from-literal=a=b"), "secret/s created\n");
    assertThat(server.last().body()).contains("\"data\":{\"a\":\"Yg==\"}");
    server.on(
        "POST /api/v1/namespaces/default/serviceaccounts/a/token",
        "{\"status\":{\"token\":\"T\"}}");
    ok(server.run("create", "token", "a"), "T\n");
  }

  @Test
  void deleteWaitsUntilTheObjectIsGone() {
    server.on("DELETE " + PODS + "/web", POD);
    server.on("GET " + PODS + "?fieldSelector=metadata.name%3Dweb", list("6", POD));
    server.on("GET " + PODS + "?fieldSelector=metadata.name%3Dweb", list("9"));
    server.on(
        "GET "
            + PODS
            + "?allowWatchBookmarks=true&fieldSelector=metadata.name%3Dweb&resourceVersion=6&watch=true",
        event("DELETED", POD));
    ok(server.run("delete", "pod", "web"), "pod \"web\" deleted\n");
    assertThat(server.requests().get(0).body()).isEqualTo("{\"propagationPolicy\":\"Background\"}");
  }

  @Test
  void deleteKnowsItsFlags() {
    server.on("DELETE " + PODS + "/web", POD);
    server.on("GET " + PODS + "?labelSelector=a%3Db&limit=500", list("1", POD));
    ok(
        server.run("delete", "pods", "-l", "a=b", "--wait=false", "--cascade=orphan", "--now"),
        "pod \"web\" deleted\n");
    assertThat(server.last().body())
        .isEqualTo("{\"gracePeriodSeconds\":1,\"propagationPolicy\":\"Orphan\"}");
    assertThat(server.run("delete", "pod", "web", "--force", "--wait=false").out())
        .isEqualTo("pod \"web\" force deleted\n");
    ok(server.run("delete", "pod", "no", "--ignore-not-found"), "");
    fails(
        server.run("delete", "pods"),
        "error: resource(s) were provided, but no name was specified");
  }

  @Test
  void describeShowsAPodWithItsEvents() {
    server.on("GET " + PODS + "/web", POD);
    server.on(
        "GET /api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dweb%2C"
            + "involvedObject.namespace%3Ddefault%2CinvolvedObject.kind%3DPod%2CinvolvedObject.uid%3Du1",
        list(
            "1",
            "{\"type\":\"Normal\",\"reason\":\"Started\",\"message\":\"go\",\"source\":{\"component\":\"kubelet\"}}"));
    Outcome outcome = server.run("describe", "pod", "web");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("Name:         web\n", "Status:       Running\n", "    Image:        i\n")
        .endsWith(
            """
            Events:
              Type    Reason   Age        From     Message
              ----    ------   ----       ----     -------
              Normal  Started  <unknown>  kubelet  go
            """);
  }

  @Test
  void logsComeFromTheOneContainer() {
    server.on("GET " + PODS + "/web", POD);
    server.on(
        "GET " + PODS + "/web/log?container=c&sinceSeconds=60&tailLines=2&timestamps=true",
        "a\nb\n");
    ok(server.run("logs", "web", "--tail", "2", "--since=1m", "--timestamps"), "a\nb\n");
    fails(server.run("logs", "web", "-c", "zz"), "error: container zz not found in pod web");
  }

  @Test
  void logsOfADeploymentComeFromItsFirstPod() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(2));
    server.on(
        "GET " + PODS + "?labelSelector=app%3Dweb",
        list("1", POD, POD.replace("\"web\"", "\"web2\"")));
    server.on("GET " + PODS + "/web/log?container=c", "hello\n");
    assertThat(server.run("logs", "deploy/web", "--prefix"))
        .isEqualTo(new Outcome(0, "[pod/web/c] hello\n", "Found 2 pods, using pod/web\n"));
  }

  @Test
  void execCarriesStreamsAndTheExitCode() {
    server.on("GET " + PODS + "/web", POD);
    server.upgrade(
        "GET "
            + PODS
            + "/web/exec?command=sh&command=-c&command=exit%203&container=c&stderr=true&stdin=true&stdout=true",
        (in, out) -> {
          out.write(new byte[] {(byte) 0x82, 3, 1, 'h', 'i'});
          out.write(new byte[] {(byte) 0x82, 2, 2, '!'});
          in.read();
          byte[] status =
              ("\u0003{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":"
                      + "[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}")
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8);
          out.write(new byte[] {(byte) 0x82, 126, 0, (byte) status.length});
          out.write(status);
          out.flush();
        });
    assertThat(server.runWith("input", "exec", "-i", "web", "--", "sh", "-c", "exit 3"))
        .isEqualTo(new Outcome(3, "hi", "!command terminated with exit code 3\n"));
    assertThat(server.last().headers())
        .containsEntry("sec-websocket-protocol", "v5.channel.k8s.io");
  }

  @Test
  void scalePatchesTheSubresource() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(2));
    server.on("PATCH " + DEPLOYMENTS + "/web/scale", "{}");
    ok(server.run("scale", "deploy/web", "--replicas=5"), "deployment.apps/web scaled\n");
    assertThat(server.last().body()).isEqualTo("{\"spec\":{\"replicas\":5}}");
    server.on("GET " + DEPLOYMENTS + "/web/scale", "{\"spec\":{\"replicas\":2}}");
    fails(
        server.run("scale", "deploy/web", "--replicas=5", "--current-replicas=3"),
        "error: Expected replicas to be 3, was 2");
  }

  @Test
  void rolloutStatusFollowsToTheEnd() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(0));
    server.on(
        "GET " + DEPLOYMENTS + "?fieldSelector=metadata.name%3Dweb", list("8", deployment(0)));
    server.on(
        "GET "
            + DEPLOYMENTS
            + "?allowWatchBookmarks=true&fieldSelector=metadata.name%3Dweb&resourceVersion=8&watch=true",
        event("MODIFIED", deployment(1)) + event("MODIFIED", deployment(2)));
    ok(
        server.run("rollout", "status", "deploy/web"),
        """
        Waiting for deployment "web" rollout to finish: 0 of 2 updated replicas are available...
        Waiting for deployment "web" rollout to finish: 1 of 2 updated replicas are available...
        deployment "web" successfully rolled out
        """);
  }

  @Test
  void rolloutHistoryAndUndoReadReplicaSets() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(2));
    server.on(
        "GET /apis/apps/v1/namespaces/default/replicasets?labelSelector=app%3Dweb", REPLICA_SETS);
    ok(
        server.run("rollout", "history", "deploy/web"),
        "deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n");
    server.on("PATCH " + DEPLOYMENTS + "/web", "{}");
    ok(server.run("rollout", "undo", "deploy/web"), "deployment.apps/web rolled back\n");
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/json-patch+json");
    assertThat(server.last().body())
        .contains("\"image\":\"i:1\"")
        .doesNotContain("pod-template-hash");
    fails(
        server.run("rollout", "undo", "deploy/web", "--to-revision=9"),
        "error: unable to find specified revision 9 in history");
  }

  @Test
  void rolloutRestartPauseAndResumePatch() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(2));
    server.on("PATCH " + DEPLOYMENTS + "/web?fieldManager=kubectl-rollout", "{}");
    ok(server.run("rollout", "restart", "deploy", "web"), "deployment.apps/web restarted\n");
    assertThat(server.last().body()).contains("kubectl.kubernetes.io/restartedAt");
    ok(server.run("rollout", "pause", "deploy", "web"), "deployment.apps/web paused\n");
    assertThat(server.last().body()).isEqualTo("{\"spec\":{\"paused\":true}}");
    fails(
        server.run("rollout", "resume", "deploy", "web"),
        "error: deployments.apps \"web\" is not paused");
  }

  @Test
  void setImageNamesOnlyWhatChanges() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(2));
    server.on("PATCH " + DEPLOYMENTS + "/web?fieldManager=kubectl-set", "{}");
    ok(server.run("set", "image", "deploy/web", "c=i:3"), "deployment.apps/web image updated\n");
    assertThat(server.last().body())
        .isEqualTo(
            "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"c\"}],"
                + "\"containers\":[{\"image\":\"i:3\",\"name\":\"c\"}]}}}}");
    fails(
        server.run("set", "image", "deploy/web", "z=i"),
        "error: unable to find container named \"z\"");
  }

  @Test
  void labelAndAnnotateSetAndTakeAway() {
    server.on("GET " + PODS + "/web", POD);
    server.on("PATCH " + PODS + "/web?fieldManager=kubectl-label", POD);
    ok(server.run("label", "pod", "web", "tier=x"), "pod/web labeled\n");
    assertThat(server.last().body()).isEqualTo("{\"metadata\":{\"labels\":{\"tier\":\"x\"}}}");
    ok(server.run("label", "pod", "web", "app-"), "pod/web unlabeled\n");
    assertThat(server.last().body()).isEqualTo("{\"metadata\":{\"labels\":{\"app\":null}}}");
    fails(
        server.run("label", "pod", "web", "app=other"),
        "error: 'app' already has a value (web), and --overwrite is false");
    server.on("PATCH " + PODS + "/web?fieldManager=kubectl-annotate", POD);
    ok(server.run("annotate", "pod", "web", "note=hi"), "pod/web annotated\n");
  }

  @Test
  void patchSendsEachType() {
    server.on("GET " + PODS + "/web", POD);
    server.on("PATCH " + PODS + "/web?fieldManager=kubectl-patch", POD.replace("\"5\"", "\"6\""));
    ok(server.run("patch", "pod", "web", "-p", "{\"a\":1}"), "pod/web patched\n");
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/strategic-merge-patch+json");
    ok(server.run("patch", "pod", "web", "--type=merge", "-p", "a: 1"), "pod/web patched\n");
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/merge-patch+json");
    ok(
        server.run("patch", "pod", "web", "--type", "json", "-p", "[{\"op\":\"remove\"}]"),
        "pod/web patched\n");
    assertThat(server.last().body()).isEqualTo("[{\"op\":\"remove\"}]");
    server.on("PATCH " + PODS + "/web/status?fieldManager=kubectl-patch", POD);
    ok(
        server.run("patch", "pod/web", "--subresource=status", "-p", "{}"),
        "pod/web patched (no change)\n");
  }

  @Test
  void replacePutsWithTheLiveVersion() {
    server.on("GET " + PODS + "/web", POD);
    server.on("PUT " + PODS + "/web?fieldManager=kubectl-replace&fieldValidation=Strict", POD);
    ok(
        server.run("replace", "-f", file("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n")),
        "pod/web replaced\n");
    assertThat(server.last().body()).contains("\"resourceVersion\":\"5\"");
  }

  @Test
  void runMakesAPod() {
    server.on("POST " + PODS + "?fieldManager=kubectl-run", POD);
    ok(server.run("run", "web", "--image=i", "--env=A=1", "--", "sleep", "1"), "pod/web created\n");
    assertThat(server.last().body())
        .contains("\"args\":[\"sleep\",\"1\"]", "\"env\":[{\"name\":\"A\",\"value\":\"1\"}]");
  }

  @Test
  void exposeAndAutoscaleReadTheirTarget() {
    server.on("GET " + DEPLOYMENTS + "/web", deployment(2));
    server.on(
        "POST /api/v1/namespaces/default/services?fieldManager=kubectl-expose",
        "{\"metadata\":{\"name\":\"web\"}}");
    ok(server.run("expose", "deploy/web", "--port=80"), "service/web exposed\n");
    assertThat(server.last().body())
        .contains("\"selector\":{\"app\":\"web\"}", "\"targetPort\":80");
    server.on(
        "POST /apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers?fieldManager=kubectl-autoscale",
        "{\"metadata\":{\"name\":\"web\"}}");
    ok(
        server.run("autoscale", "deploy/web", "--max=5", "--cpu-percent=50"),
        "horizontalpodautoscaler.autoscaling/web autoscaled\n");
  }

  @Test
  void cordonPatchesTheNode() {
    server.on("GET /api/v1/nodes/n", "{\"metadata\":{\"name\":\"n\"},\"spec\":{}}");
    server.on("PATCH /api/v1/nodes/n", "{}");
    ok(server.run("cordon", "n"), "node/n cordoned\n");
    assertThat(server.last().body()).isEqualTo("{\"spec\":{\"unschedulable\":true}}");
    ok(server.run("uncordon", "n"), "node/n already uncordoned\n");
  }

  @Test
  void waitEndsWithTheCondition() {
    String ready =
        POD.replace(
            "\"phase\"", "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"phase\"");
    server.on("GET " + PODS + "/web", POD);
    server.on("GET " + PODS + "?fieldSelector=metadata.name%3Dweb", list("5", POD));
    server.on(
        "GET "
            + PODS
            + "?allowWatchBookmarks=true&fieldSelector=metadata.name%3Dweb&resourceVersion=5&watch=true",
        event("MODIFIED", ready));
    ok(server.run("wait", "--for=condition=Ready", "pod/web"), "pod/web condition met\n");
    ok(
        server.run("wait", "--for=jsonpath={.status.phase}=Running", "pod/web"),
        "pod/web condition met\n");
    fails(
        server.run("wait", "--for=condition=Never", "pod/web", "--timeout=0"),
        "error: condition not met for pods/web");
  }

  @Test
  void explainReadsOpenApi() {
    server.on(
        "GET /openapi/v3",
        "{\"paths\":{\"api/v1\":{\"serverRelativeURL\":\"/openapi/v3/api/v1?hash=A\"}}}");
    server.on(
        "GET /openapi/v3/api/v1?hash=A",
        """
        {"components":{"schemas":{"io.k8s.Pod":{"description":"A pod.","type":"object","properties":{
        "spec":{"description":"What is wanted.","allOf":[{"$ref":"#/components/schemas/io.k8s.PodSpec"}]}},
        "x-kubernetes-group-version-kind":[{"group":"","kind":"Pod","version":"v1"}]},
        "io.k8s.PodSpec":{"description":"A spec.","type":"object","required":["nodeName"],
        "properties":{"nodeName":{"type":"string","description":"Where."}}}}}}\
        """);
    ok(
        server.run("explain", "pod.spec"),
        """
        KIND:       Pod
        VERSION:    v1

        FIELD: spec <PodSpec>


        DESCRIPTION:
            What is wanted.
            A spec.
        \s\s\s\s
        FIELDS:
          nodeName\t<string> -required-
            Where.


        """);
    fails(server.run("explain", "pod.zzz"), "error: field \"zzz\" does not exist");
  }

  @Test
  void versionAndRawAndClusterInfoAsk() {
    server.on("GET /version", "{\"gitVersion\":\"v1.33.9\"}");
    assertThat(server.run("version").out()).contains("Server Version: v1.33.9\n");
    server.on("GET /healthz", "ok");
    ok(server.run("get", "--raw", "/healthz"), "ok");
    server.on(
        "GET /api/v1/namespaces/kube-system/services?labelSelector=kubernetes.io%2Fcluster-service%3Dtrue",
        list("1"));
    assertThat(server.run("cluster-info").out())
        .startsWith("Kubernetes control plane is running at https://127.0.0.1:");
  }

  @Test
  void authAsksTheServer() {
    server.on(
        "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "{\"status\":{\"allowed\":true}}");
    ok(server.run("auth", "can-i", "get", "pods"), "yes\n");
    assertThat(server.last().body()).contains("\"resource\":\"pods\"", "\"verb\":\"get\"");
    server.on(
        "POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
        "{\"status\":{\"userInfo\":{\"username\":\"me\",\"groups\":[\"a\",\"b\"]}}}");
    ok(server.run("auth", "whoami"), "ATTRIBUTE   VALUE\nUsername    me\nGroups      [a b]\n");
  }

  @Test
  void eventsAreSorted() {
    server.on(
        "GET /api/v1/namespaces/default/events?limit=500",
        list(
            "1",
            "{\"lastTimestamp\":\"2026-01-01T00:00:02Z\",\"reason\":\"Late\",\"type\":\"Normal\"}",
            "{\"lastTimestamp\":\"2026-01-01T00:00:01Z\",\"reason\":\"Early\",\"type\":\"Warning\"}"));
    assertThat(server.run("events").out().lines().map(line -> line.split(" +", -1)[2]))
        .containsExactly("TYPE", "Early", "Late");
  }

  @Test
  void diffTellsByItsExitCode() {
    server.on("GET " + PODS + "/web", POD);
    server.on(
        "PATCH " + PODS + "/web?dryRun=All&fieldManager=kubectl-client-side-apply",
        POD.replace("\"i\"", "\"j\""));
    Outcome outcome =
        server.run(
            "diff",
            "-f",
            file(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: j}]}\n"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("-  - image: i\n", "+  - image: j\n");
  }

  @Test
  void configChangesTheFileAndHidesSecrets() {
    server.config();
    assertThat(server.run("config", "current-context").out()).isEqualTo("fake\n");
    ok(
        server.run("config", "set-context", "--current", "--namespace=other"),
        "Context \"fake\" modified.\n");
    Map<String, String> environment =
        Map.of("KUBECONFIG", folder.resolve("config").toString(), "HOME", "/nowhere");
    Outcome set =
        FakeServer.kubectl(
            "", environment, "config", "set-context", "two", "--cluster=fake", "--user=me");
    ok(set, "Context \"two\" created.\n");
    ok(
        FakeServer.kubectl("", environment, "config", "use-context", "two"),
        "Switched to context \"two\".\n");
    ok(
        FakeServer.kubectl("", environment, "config", "get-contexts"),
        "CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n          fake   fake      me         other\n*         two    fake      me         \n");
    assertThat(FakeServer.kubectl("", environment, "config", "view").out())
        .contains("token: REDACTED", "certificate-authority-data: DATA+OMITTED");
    fails(
        FakeServer.kubectl("", environment, "config", "use-context", "zz"),
        "error: no context exists with the name: \"zz\"");
  }

  @Test
  void apiResourcesAndVersionsComeFromDiscovery() {
    server.on("GET /api", "{\"versions\":[\"v1\"]}");
    server.on("GET /apis", "{\"groups\":[]}");
    server.on(
        "GET /api/v1",
        "{\"resources\":[{\"name\":\"pods\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"get\",\"list\"],"
            + "\"shortNames\":[\"po\"]},{\"name\":\"pods/log\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"get\"]}]}");
    ok(
        server.run("api-resources"),
        "NAME   SHORTNAMES   APIVERSION   NAMESPACED   KIND\npods   po           v1           true         Pod\n");
    ok(server.run("api-versions"), "v1\n");
  }

  @Test
  void completionNamesVerbsAndFlags() {
    assertThat(server.run("completion", "bash").out()).contains("__kubectl_complete", "--replicas");
    assertThat(server.run("completion", "zsh").out()).startsWith("#compdef kubectl");
  }

  @Test
  void warningsGoToStandardErrorOnce() {
    server.on("GET " + PODS + "?limit=500", TABLE, "Warning: 299 - \"old thing\"");
    assertThat(server.run("get", "pods").err()).isEqualTo("Warning: old thing\n");
  }

  @Test
  void refusesUnknownWordsAndFlags() {
    fails(
        server.run("get", "pods", "--bogus"),
        "error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.");
    fails(
        server.run("get", "pods", "-z"),
        "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.");
    fails(
        server.run("gett"),
        "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tget\n\tset");
    fails(
        server.run("logs", "web", "--tail"),
        "error: flag needs an argument: --tail\nSee 'kubectl logs --help' for usage.");
  }

  @Test
  void tellsWhatIsWrongWithTheConnection() {
    Map<String, String> none =
        Map.of("KUBECONFIG", folder.resolve("no").toString(), "HOME", folder.toString());
    fails(
        FakeServer.kubectl("", none, "-s", "http://127.0.0.1:1", "get", "pods"),
        "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?");
    server.on(
        "GET " + PODS + "?limit=500", 401, FakeServer.status("Unauthorized", "Unauthorized", 401));
    fails(server.run("get", "pods"), "error: You must be logged in to the server (Unauthorized)");
  }

  @Test
  void trustsNobodyWithoutBeingTold() throws IOException {
    String text = Files.readString(server.config());
    String port = text.replaceAll("(?s).*127.0.0.1:(\\d+).*", "$1");
    Map<String, String> none =
        Map.of("KUBECONFIG", folder.resolve("no").toString(), "HOME", folder.toString());
    List<String> args = List.of("-s", "https://127.0.0.1:" + port, "get", "--raw", "/x");
    fails(
        FakeServer.kubectl("", none, args.toArray(new String[0])),
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by"
            + " unknown authority");
    server.on("GET /x", "ok");
    ok(
        FakeServer.kubectl(
            "",
            none,
            "-s",
            "https://127.0.0.1:" + port,
            "--insecure-skip-tls-verify",
            "get",
            "--raw",
            "/x"),
        "ok");
  }

  @Test
  void everyVerbHasHelp() {
    for (String[] row : Verbs.INDEX) {
      if (row.length == 2) {
        Outcome outcome = server.run(row[0], "--help");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Usage:\n  kubectl " + row[0]);
        for (String child : Verbs.children(row[0])) {
          assertThat(server.run(row[0], child, "-h").code()).isZero();
        }
      }
    }
    assertThat(server.requests()).isEmpty();
  }
}
