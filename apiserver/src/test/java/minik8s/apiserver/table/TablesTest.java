package minik8s.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.CustomKinds;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TablesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
  private static final KindTable KINDS = new KindTable();

  private final Tables tables = new Tables();

  private static ObjectNode doc(String json) {
    return (ObjectNode) Json.parse(json.replace('\'', '"'));
  }

  /** Cells joined by bars. */
  private String cells(String apiVersion, String kind, String json) {
    Kind of = KINDS.findByKind(apiVersion, kind).orElseThrow();
    return cells(of, doc(json));
  }

  private String cells(Kind kind, ObjectNode doc) {
    return tables
        .row(kind, doc, IncludeObject.NONE, NOW)
        .path("cells")
        .valueStream()
        .map(c -> c.isNull() ? "null" : c.asString(""))
        .collect(Collectors.joining("|"));
  }

  private String pod(String metadata, String spec, String status) {
    return cells(
        "v1",
        "Pod",
        "{'metadata':{'name':'p','creationTimestamp':'2026-01-01T00:50:00Z'"
            + metadata
            + "},'spec':{'nodeName':'n1','containers':[{'name':'a'},{'name':'b'}]"
            + spec
            + "},'status':{"
            + status
            + "}}");
  }

  @Test
  void showsRunningPods() {
    assertThat(
            pod(
                "",
                "",
                """
                'phase':'Running','podIP':'10.0.0.1','containerStatuses':[
                 {'name':'a','ready':true,'restartCount':1,'state':{'running':{}},
                  'lastState':{'terminated':{'finishedAt':'2026-01-01T00:55:00Z'}}},
                 {'name':'b','ready':false,'restartCount':2,
                  'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]
                """))
        .isEqualTo("p|1/2|CrashLoopBackOff|3 (5m ago)|10m|10.0.0.1|n1|<none>|<none>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'phase':'Pending' | 0/2|Pending|0",
        "'phase':'Failed','reason':'Evicted' | 0/2|Evicted|0",
        "'phase':'Pending','conditions':[{'type':'PodScheduled','reason':'SchedulingGated'}] | 0/2|SchedulingGated|0",
        "'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}] | 0/2|ContainerCreating|0",
        "'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':3}}}] | 0/2|ExitCode:3|0",
        "'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':137,'signal':9}}}] | 0/2|Signal:9|0",
        "'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'exitCode':0,'reason':'Completed'}}}] | 0/2|Completed|0",
        "'phase':'Running','conditions':[{'type':'Ready','status':'False'}],'containerStatuses':[{'state':{'terminated':{'exitCode':0,'reason':'Completed'}}},{'ready':true,'state':{'running':{}}}] | 1/2|NotReady|0",
      })
  void sumsUpContainers(String status, String ready, String shown, String restarts) {
    assertThat(pod("", "", status)).startsWith("p|" + ready + "|" + shown + "|" + restarts + "|");
  }

  @Test
  void showsHowFarInitContainersAre() {
    String init =
        ",'initContainers':[{'name':'i'},{'name':'j'},{'name':'s','restartPolicy':'Always'}]";
    assertThat(
            pod(
                "",
                init,
                """
                'phase':'Pending','initContainerStatuses':[
                 {'name':'i','state':{'terminated':{'exitCode':0}}},
                 {'name':'j','state':{'running':{}}}]
                """))
        .startsWith("p|0/3|Init:1/3|0|");
    assertThat(
            pod(
                "",
                init,
                """
                'phase':'Pending','initContainerStatuses':[
                 {'name':'i','restartCount':4,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]
                """))
        .startsWith("p|0/3|Init:CrashLoopBackOff|4|");
    assertThat(
            pod(
                "",
                init,
                """
                'phase':'Running','initContainerStatuses':[
                 {'name':'s','started':true,'ready':true,'restartCount':2,'state':{'running':{}}}],
                 'containerStatuses':[{'name':'a','ready':true,'state':{'running':{}}}]
                """))
        .startsWith("p|2/3|Running|2|");
  }

  @Test
  void showsDeletionUnlessThePodIsDone() {
    String deleted = ",'deletionTimestamp':'2026-01-01T00:59:00Z'";
    assertThat(pod(deleted, "", "'phase':'Running'")).startsWith("p|0/2|Terminating|");
    assertThat(pod(deleted, "", "'phase':'Succeeded'")).startsWith("p|0/2|Succeeded|");
    assertThat(pod(deleted, "", "'phase':'Running','reason':'NodeLost'"))
        .startsWith("p|0/2|Unknown|");
  }

  @Test
  void marksCompletedPods() {
    Kind pods = KINDS.find("", "v1", "pods").orElseThrow();
    JsonNode row =
        tables.row(
            pods,
            doc("{'metadata':{'name':'p'},'status':{'phase':'Failed'}}"),
            IncludeObject.METADATA,
            NOW);

    assertThat(row.path("conditions"))
        .isEqualTo(
            Json.parse(
                """
                [{"type":"Completed","status":"True","reason":"Failed",
                  "message":"The pod failed."}]
                """));
  }

  @Test
  void showsWorkloads() {
    String template =
        "'template':{'spec':{'containers':[{'name':'c','image':'i:1'},{'name':'d','image':'j'}]}}";
    assertThat(
            cells(
                "apps/v1",
                "Deployment",
                "{'metadata':{'name':'d','creationTimestamp':'2026-01-01T00:00:00Z'},'spec':{'replicas':3,"
                    + "'selector':{'matchLabels':{'app':'d'}},"
                    + template
                    + "},'status':{'readyReplicas':1,'updatedReplicas':2,'availableReplicas':1}}"))
        .isEqualTo("d|1/3|2|1|60m|c,d|i:1,j|app=d");
    assertThat(
            cells(
                "batch/v1",
                "Job",
                "{'metadata':{'name':'j','creationTimestamp':'2026-01-01T00:59:00Z'},'spec':{'completions':3,"
                    + template
                    + "},'status':{'succeeded':3,'startTime':'2026-01-01T00:59:00Z','completionTime':'2026-01-01T00:59:07Z',"
                    + "'conditions':[{'type':'Complete','status':'True'}]}}"))
        .isEqualTo("j|Complete|3/3|7s|60s|c,d|i:1,j|<none>");
  }

  @Test
  void showsNodesAndServices() {
    assertThat(
            cells(
                "v1",
                "Node",
                """
                {'metadata':{'name':'n','creationTimestamp':'2025-12-30T00:00:00Z',
                   'labels':{'node-role.kubernetes.io/control-plane':''}},
                 'spec':{'unschedulable':true},
                 'status':{'conditions':[{'type':'Ready','status':'True'}],
                  'addresses':[{'type':'InternalIP','address':'127.0.0.1'}],
                  'nodeInfo':{'kubeletVersion':'v1.33.0','osImage':'Debian'}}}
                """))
        .isEqualTo(
            "n|Ready,SchedulingDisabled|control-plane|2d1h|v1.33.0|127.0.0.1|<none>|Debian|<unknown>|<unknown>");
    assertThat(
            cells(
                "v1",
                "Service",
                """
                {'metadata':{'name':'s'},'spec':{'type':'NodePort','clusterIP':'10.96.0.1',
                 'ports':[{'port':80,'nodePort':30080,'protocol':'TCP'},{'port':53,'protocol':'UDP'}]}}
                """))
        .isEqualTo("s|NodePort|10.96.0.1|<none>|80:30080/TCP,53/UDP|<unknown>|<none>");
  }

  @Test
  void showsEventsByWhenTheyWereSeen() {
    String event =
        """
        {'metadata':{'name':'e'},'involvedObject':{'kind':'Pod','name':'p'},'type':'Normal',
         'reason':'Started','message':' hi ','source':{'component':'kubelet','host':'n'},
         'firstTimestamp':'2026-01-01T00:00:00Z','lastTimestamp':'2026-01-01T00:59:50Z','count':4}
        """;
    assertThat(cells("v1", "Event", event))
        .isEqualTo("10s|Normal|Started|pod/p||kubelet, n|hi|60m|4|e");
  }

  @Test
  void showsCustomResourcesByTheirColumns() {
    Kind widget =
        CustomKinds.of(
                doc(
                    """
                    {'spec':{'group':'x.y','scope':'Namespaced','names':{'kind':'W','plural':'ws'},
                     'versions':[{'name':'v1','served':true,'storage':true,
                      'additionalPrinterColumns':[
                       {'name':'Count','type':'integer','jsonPath':'.spec.count'},
                       {'name':'Ready','type':'string',
                        'jsonPath':'.status.conditions[?(@.type==\\'Ready\\')].status'},
                       {'name':'Missing','type':'string','jsonPath':'.spec.none','priority':1},
                       {'name':'First','type':'string','jsonPath':'.spec.list[0].a'},
                       {'name':'All','type':'string','jsonPath':'.spec.list[*].a'},
                       {'name':'Age','type':'date','jsonPath':'.metadata.creationTimestamp'}]}]}}
                    """
                        .replace("\\'", "\\\"")))
            .getFirst();

    assertThat(
            cells(
                widget,
                doc(
                    """
                    {'metadata':{'name':'w','creationTimestamp':'2026-01-01T00:00:00Z'},
                     'spec':{'count':3,'list':[{'a':'x'},{'a':'y'}]},
                     'status':{'conditions':[{'type':'Other','status':'No'},
                       {'type':'Ready','status':'True'}]}}
                    """)))
        .isEqualTo("w|3|True|null|x|x y|60m");
    assertThat(tables.columnDefinitions(widget).path(3))
        .isEqualTo(
            doc("{'name':'Missing','type':'string','format':'','description':'','priority':1}"));
  }

  @Test
  void givesEveryKindAsManyCellsAsColumns() {
    for (Kind kind : KINDS.all()) {
      ObjectNode table =
          tables.table(kind, List.of(doc("{'metadata':{'name':'x'}}")), IncludeObject.NONE, NOW);
      assertThat(table.at("/rows/0/cells").size())
          .as(kind.qualifiedKind())
          .isEqualTo(table.path("columnDefinitions").size());
    }
  }

  @Test
  void carriesAsMuchOfTheObjectAsIsAsked() {
    Kind maps = KINDS.find("", "v1", "configmaps").orElseThrow();
    ObjectNode map = doc("{'metadata':{'name':'m','resourceVersion':'7'},'data':{'a':'b'}}");

    assertThat(tables.row(maps, map, IncludeObject.of("Object"), NOW).path("object"))
        .isEqualTo(map);
    assertThat(tables.row(maps, map, IncludeObject.of(""), NOW).path("object"))
        .isEqualTo(
            doc(
                """
                {'kind':'PartialObjectMetadata','apiVersion':'meta.k8s.io/v1',
                 'metadata':{'name':'m','resourceVersion':'7'}}
                """));
    assertThat(tables.row(maps, map, IncludeObject.of("None"), NOW).path("object").isNull())
        .isTrue();
    assertThatThrownBy(() -> IncludeObject.of("Some"))
        .hasMessage("unrecognized includeObject value: \"Some\"");
  }

  @Test
  void sendsColumnsOnlyWithTheFirstEvent() {
    Kind maps = KINDS.find("", "v1", "configmaps").orElseThrow();
    ObjectNode map = doc("{'metadata':{'name':'m','resourceVersion':'7'}}");

    assertThat(tables.event(maps, map, IncludeObject.NONE, NOW, true).path("columnDefinitions"))
        .hasSize(3);
    ObjectNode later = tables.event(maps, map, IncludeObject.NONE, NOW, false);
    assertThat(later.path("columnDefinitions").isNull()).isTrue();
    assertThat(later.at("/metadata/resourceVersion").asString()).isEqualTo("7");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "119,119s",
    "120,2m",
    "130,2m10s",
    "600,10m",
    "10799,179m",
    "10800,3h",
    "11100,3h5m",
    "28800,8h",
    "172799,47h",
    "172800,2d",
    "180000,2d2h",
    "691200,8d",
    "63072000,2y",
    "63158400,2y1d",
    "283824000,9y",
    "-1,0s",
    "-5,<invalid>"
  })
  void tellsDurations(long seconds, String text) {
    assertThat(Texts.human(Duration.ofSeconds(seconds))).isEqualTo(text);
  }
}
