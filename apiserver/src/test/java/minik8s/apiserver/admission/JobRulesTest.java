package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Bench.created;
import static minik8s.apiserver.admission.Bench.errors;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class JobRulesTest {
  /** A job as it is stored, with these fields of its spec before those of its template. */
  private static ObjectNode job(String fields, String pod) {
    ObjectNode job =
        created(
            """
            {'apiVersion':'batch/v1','kind':'Job',
             'metadata':{'name':'j','namespace':'default','uid':'u-1','resourceVersion':'1'},
             'spec':{FIELDS'template':{'spec':{POD'containers':[{'name':'c','image':'i'}]}}}}
            """
                .replace("FIELDS", fields.isEmpty() ? "" : fields + ",")
                .replace("POD", pod.isEmpty() ? "" : pod + ","));
    JobRules.selectOwnPods(job);
    return job;
  }

  private static ObjectNode job(String fields) {
    return job(fields, "'restartPolicy':'Never'");
  }

  private static List<String> problems(ObjectNode job) {
    return Bench.strategy(job).validate(job).stream().map(FieldError::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'completions':3,'parallelism':2,'completionMode':'Indexed'",
        "'completions':3,'completionMode':'Indexed','backoffLimitPerIndex':1,'maxFailedIndexes':3",
        "'completions':5,'completionMode':'Indexed','successPolicy':{'rules':[{'succeededIndexes':'0,2-4','succeededCount':4}]}",
        "'podFailurePolicy':{'rules':[{'action':'FailJob','onExitCodes':{'containerName':'c','operator':'In','values':[1,42]}},{'action':'Ignore','onPodConditions':[{'type':'DisruptionTarget'}]}]}",
        "'podReplacementPolicy':'Failed','managedBy':'example.com/other'",
        "'manualSelector':true,'selector':{},'suspend':true"
      })
  void acceptsWhatKubernetesAccepts(String fields) {
    assertThat(problems(job(fields))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'completionMode':'Indexed','parallelism':1|completions: Required value: when completion mode is Indexed",
        "'completions':1,'completionMode':'Indexed','parallelism':100001|parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed",
        "'backoffLimitPerIndex':1|backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
        "'completions':2,'completionMode':'Indexed','maxFailedIndexes':1|backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
        "'completions':2,'completionMode':'Indexed','backoffLimitPerIndex':1,'maxFailedIndexes':3|maxFailedIndexes: Invalid value: 3: must be less than or equal to completions",
        "'completions':100001,'completionMode':'Indexed','backoffLimitPerIndex':1|maxFailedIndexes: Required value: must be specified when completions is above 100000",
        "'successPolicy':{'rules':[]}|successPolicy: Invalid value: {\"rules\":[]}: requires indexed completion mode",
        "'managedBy':'other'|managedBy: Invalid value: \"other\": must be a domain-prefixed path (such as \"acme.io/foo\")",
        "'podReplacementPolicy':'Later'|podReplacementPolicy: Unsupported value: \"Later\": supported values: \"Failed\", \"TerminatingOrFailed\"",
        "'podReplacementPolicy':'TerminatingOrFailed','podFailurePolicy':{'rules':[]}|podReplacementPolicy: Unsupported value: \"TerminatingOrFailed\": supported values: \"Failed\""
      })
  void refusesFieldsThatDoNotFitEachOther(String fields, String problem) {
    assertThat(problems(job(fields))).containsExactly("spec." + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'action':'FailJob'}|: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
        "{'onPodConditions':[{'type':'A'}]}|.action: Required value: valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]",
        "{'action':'FailIndex','onPodConditions':[{'type':'A'}]}|.action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set",
        "{'action':'Count','onPodConditions':[{'type':'A'}],'onExitCodes':{'operator':'In','values':[1]}}|: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported",
        "{'action':'Count','onPodConditions':[{'type':'A','status':'Yes'}]}|.onPodConditions[0].status: Unsupported value: \"Yes\": supported values: \"False\", \"True\", \"Unknown\"",
        "{'action':'Count','onExitCodes':{'operator':'In','values':[0]}}|.onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator",
        "{'action':'Count','onExitCodes':{'operator':'NotIn','values':[2,1]}}|.onExitCodes.values: Invalid value: [2,1]: must be ordered",
        "{'action':'Count','onExitCodes':{'operator':'NotIn','values':[2,2]}}|.onExitCodes.values[1]: Duplicate value: 2",
        "{'action':'Count','onExitCodes':{'operator':'NotIn','values':[]}}|.onExitCodes.values: Invalid value: []: at least one value is required",
        "{'action':'Count','onExitCodes':{'containerName':'x','operator':'In','values':[1]}}|.onExitCodes.containerName: Invalid value: \"x\": must be one of the container or initContainer names in the pod template"
      })
  void refusesMalformedRulesOfFailure(String rule, String problem) {
    assertThat(problems(job("'podFailurePolicy':{'rules':[" + rule + "]}")))
        .containsExactly("spec.podFailurePolicy.rules[0]" + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|: Required value: at least one of succeededCount or succeededIndexes must be specified",
        "{'succeededCount':6}|.succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)",
        "{'succeededIndexes':'1,2','succeededCount':3}|.succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)",
        "{'succeededIndexes':'5'}|.succeededIndexes: Invalid value: \"5\": error parsing succeededIndexes: too large index: \"5\"",
        "{'succeededIndexes':'2,1'}|.succeededIndexes: Invalid value: \"2,1\": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1",
        "{'succeededIndexes':'a'}|.succeededIndexes: Invalid value: \"a\": error parsing succeededIndexes: cannot convert string to integer for index: \"a\""
      })
  void refusesMalformedRulesOfSuccess(String rule, String problem) {
    String fields = "'completions':5,'completionMode':'Indexed','successPolicy':{'rules':[RULE]}";
    assertThat(problems(job(fields.replace("RULE", rule))))
        .containsExactly("spec.successPolicy.rules[0]" + problem);
  }

  @Test
  void restartsNoContainersWhoseFailureIsJudged() {
    assertThat(problems(job("'podFailurePolicy':{'rules':[]}", "'restartPolicy':'OnFailure'")))
        .containsExactly(
            "spec.template.spec.restartPolicy: Invalid value: \"OnFailure\": only \"Never\" is"
                + " supported when podFailurePolicy is specified");
  }

  @Test
  void refusesASelectorThatWasNotGenerated() {
    assertThat(problems(job("'selector':{'matchLabels':{'a':'b'}}")))
        .contains(
            "spec.selector: Invalid value:"
                + " {\"matchLabels\":{\"a\":\"b\",\"batch.kubernetes.io/controller-uid\":\"u-1\"}}:"
                + " `selector` not auto-generated");
    ObjectNode job = job("");
    job.withObject("/spec/template/metadata/labels").put("job-name", "other");
    assertThat(problems(job))
        .singleElement()
        .asString()
        .startsWith("spec.template.metadata.labels[job-name]: Invalid value: ")
        .endsWith(": must be 'j'");
  }

  @Test
  void refusesNamesWhosePodsCannotBeCalledByThem() {
    ObjectNode job =
        job("'completions':11,'completionMode':'Indexed','manualSelector':true,'selector':{}");
    String name = "n".repeat(61);
    job.withObject("/metadata").put("name", name);
    assertThat(problems(job))
        .containsExactly(
            "metadata.name: Invalid value: \""
                + name
                + "\": will not able to create pod with invalid DNS label: "
                + name
                + "-10");
  }

  @Test
  void letsOnlyIndexedJobsGrow() {
    ObjectNode plain = job("'completions':3,'parallelism':3");
    ObjectNode more = plain.deepCopy();
    more.withObject("/spec").put("completions", 4);
    assertThat(errors(more, plain))
        .containsExactly("spec.completions: Invalid value: 4: field is immutable");

    ObjectNode indexed = job("'completions':3,'parallelism':3,'completionMode':'Indexed'");
    ObjectNode grown = indexed.deepCopy();
    grown.withObject("/spec").put("completions", 4);
    assertThat(errors(grown.deepCopy(), indexed))
        .containsExactly(
            "spec.completions: Invalid value: 4: can only be modified in tandem with"
                + " spec.parallelism");
    grown.withObject("/spec").put("parallelism", 4);
    assertThat(errors(grown, indexed)).isEmpty();
  }

  @Test
  void keepsPoliciesAsTheyWere() {
    String indexed = "'completions':3,'completionMode':'Indexed'";
    ObjectNode old = job(indexed);
    assertThat(errors(job(indexed + ",'backoffLimitPerIndex':1,'backoffLimit':6"), old))
        .containsExactly("spec.backoffLimitPerIndex: Invalid value: 1: field is immutable");
    assertThat(errors(job(indexed + ",'managedBy':'example.com/other'"), old))
        .containsExactly(
            "spec.managedBy: Invalid value: \"example.com/other\": field is immutable");
  }

  @Test
  void movesASuspendedJobAndChangesNothingElseOfIt() {
    ObjectNode old = job("'suspend':true");
    ObjectNode moved = old.deepCopy();
    moved.withObject("/spec/template/spec/nodeSelector").put("disk", "ssd");
    moved.withObject("/spec/template/metadata/annotations").put("why", "faster");
    assertThat(errors(moved.deepCopy(), old)).isEmpty();

    ObjectNode started = old.deepCopy();
    started.withObject("/status").put("startTime", "2026-01-01T00:00:00Z");
    assertThat(errors(moved.deepCopy(), started))
        .singleElement()
        .asString()
        .startsWith("spec.template: Invalid value: ")
        .endsWith(": field is immutable");

    moved.withObject("/spec/template/spec").put("priority", 7);
    assertThat(errors(moved, old))
        .singleElement()
        .asString()
        .startsWith("spec.template: Invalid value: ");
  }

  @Test
  void generatesTheSelectorsOfTheJobsOfACronJob() {
    String cron =
        """
        {'apiVersion':'batch/v1','kind':'CronJob','metadata':{'name':'c','namespace':'default'},
         'spec':{'schedule':'@daily','jobTemplate':{'spec':{'selector':{'matchLabels':{'a':'b'}},
           'manualSelector':true,'template':{'spec':{'restartPolicy':'Never',
             'containers':[{'name':'c','image':'i'}]}}}}}}
        """;
    assertThat(errors(cron))
        .containsExactly(
            "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}:"
                + " `selector` will be auto-generated",
            "spec.jobTemplate.spec.manualSelector: Unsupported value: \"true\": supported values:"
                + " \"false\", \"nil\"");
  }
}
