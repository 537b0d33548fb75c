package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Bench.DEPLOYMENT;
import static minik8s.apiserver.admission.Bench.POD;
import static minik8s.apiserver.admission.Bench.created;
import static minik8s.apiserver.admission.Bench.doc;
import static minik8s.apiserver.admission.Bench.errors;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The sentences are those that a real API server gave for the same documents. */
class ValidationTest {
  private static final String SUBDOMAIN =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
          + " used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

  private static String pod(String metadata, String spec) {
    return "{'apiVersion':'v1','kind':'Pod','metadata':{" + metadata + "},'spec':{" + spec + "}}";
  }

  private static String configMap(String metadata, String rest) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'default',"
        + metadata
        + "}"
        + rest
        + "}";
  }

  private static final String NAMED = "'name':'x','namespace':'default'";

  @Test
  void acceptsGoodDocuments() {
    assertThat(errors(POD)).isEmpty();
    assertThat(errors(DEPLOYMENT)).isEmpty();
  }

  @Test
  void judgesNames() {
    assertThat(
            errors(
                pod(
                    "'name':'Bad_Name','namespace':'default'",
                    "'containers':[{'name':'c','image':'i'}]")))
        .containsExactly("metadata.name: Invalid value: \"Bad_Name\": " + SUBDOMAIN);
    assertThat(errors(pod("'namespace':'default'", "'containers':[{'name':'c','image':'i'}]")))
        .containsExactly("metadata.name: Required value: name or generateName is required");
  }

  @Test
  void wantsContainersWithNamesAndImages() {
    assertThat(errors(pod(NAMED, ""))).containsExactly("spec.containers: Required value");
    assertThat(errors(pod(NAMED, "'containers':[{'name':'c','image':'i'},{'name':'c'}]")))
        .containsExactly(
            "spec.containers[1].name: Duplicate value: \"c\"",
            "spec.containers[1].image: Required value");
  }

  @Test
  void findsEverythingWrongWithAContainerInKubernetesOrder() {
    assertThat(
            errors(
                pod(
                    NAMED,
                    """
                    'restartPolicy':'Sometimes','containers':[{'name':'C_',
                     'ports':[{'containerPort':70000}],'env':[{'name':'1 a'}],
                     'volumeMounts':[{'name':'nov'}],'imagePullPolicy':'X',
                     'resources':{'requests':{'cpu':'2'},'limits':{'cpu':'1'}}}]
                    """)))
        .containsExactly(
            "spec.containers[0].name: Invalid value: \"C_\": a lowercase RFC 1123 label must"
                + " consist of lower case alphanumeric characters or '-', and must start and end"
                + " with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
            "spec.containers[0].image: Required value",
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1"
                + " and 65535, inclusive",
            "spec.containers[0].env[0].name: Invalid value: \"1 a\": a valid environment variable"
                + " name must consist of alphabetic characters, digits, '_', '-', or '.', and must"
                + " not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or"
                + " 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
            "spec.containers[0].volumeMounts[0].name: Not found: \"nov\"",
            "spec.containers[0].volumeMounts[0].mountPath: Required value",
            "spec.containers[0].imagePullPolicy: Unsupported value: \"X\": supported values:"
                + " \"Always\", \"IfNotPresent\", \"Never\"",
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or"
                + " equal to cpu limit of 1",
            "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\","
                + " \"Never\", \"OnFailure\"");
  }

  @Test
  void wantsTheSelectorToMatchTheTemplate() {
    assertThat(errors(DEPLOYMENT.replace("'labels':{'app':'ap'}", "'labels':{'a':'c'}")))
        .containsExactly(
            "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match"
                + " template `labels`");
    assertThat(errors(DEPLOYMENT.replace("'selector':{'matchLabels':{'app':'ap'}},", "")))
        .containsExactly(
            "spec.selector: Required value",
            "spec.template.metadata.labels: Invalid value: {\"app\":\"ap\"}: `selector` does not"
                + " match template `labels`");
  }

  @Test
  void keepsTheSelectorOfADeployment() {
    ObjectNode changed = doc(DEPLOYMENT.replace("'app':'ap'", "'app':'other'"));

    assertThat(errors(changed, created(DEPLOYMENT)))
        .containsExactly(
            "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"other\"}}: field is"
                + " immutable");
  }

  @Test
  void letsOnlyAFewFieldsOfAPodChange() {
    ObjectNode image = created(POD.replace("nginx:1.27", "nginx:1.28"));
    assertThat(errors(image, created(POD))).isEmpty();

    ObjectNode command = created(POD.replace("'name':'c',", "'name':'c','command':['x'],"));
    assertThat(errors(command, created(POD)))
        .singleElement()
        .asString()
        .startsWith(
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`")
        .endsWith("changed:\n  spec.containers[0].command: (absent) → [\"x\"]");

    ObjectNode more =
        created(POD.replace("'containers':[", "'containers':[{'name':'b','image':'i'},"));
    assertThat(errors(more, created(POD)))
        .containsExactly(
            "spec.containers: Forbidden: pod updates may not add or remove containers");
  }

  @Test
  void judgesServices() {
    assertThat(
            errors(
                """
                {'apiVersion':'v1','kind':'Service','metadata':{'name':'1svc','namespace':'default'},
                 'spec':{'ports':[{'port':0},{'port':81}]}}
                """))
        .containsExactly(
            "metadata.name: Invalid value: \"1svc\": a DNS-1035 label must consist of lower case"
                + " alphanumeric characters or '-', start with an alphabetic character, and end"
                + " with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for"
                + " validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
            "spec.ports[0].name: Required value",
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ports[1].name: Required value");
    assertThat(
            errors(
                """
                {'apiVersion':'v1','kind':'Service','metadata':{'name':'np','namespace':'default'},
                 'spec':{'type':'NodePort','ports':[{'port':80,'nodePort':80}]}}
                """))
        .containsExactly(
            "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range."
                + " The range of valid ports is 30000-32767");
  }

  @Test
  void keepsTheAddressOfAService() {
    String service =
        """
        {'apiVersion':'v1','kind':'Service','metadata':{'name':'s','namespace':'default'},
         'spec':{'clusterIP':'10.96.0.7','ports':[{'port':80}]}}
        """;
    ObjectNode without = doc(service.replace("'clusterIP':'10.96.0.7',", ""));

    assertThat(errors(without, created(service))).isEmpty();
    assertThat(without.at("/spec/clusterIP").asString()).isEqualTo("10.96.0.7");
    assertThat(errors(doc(service.replace("0.7", "9.9")), created(service)))
        .containsExactly(
            "spec.clusterIPs[0]: Invalid value: [\"10.96.9.9\"]: may not change once set");
  }

  @Test
  void judgesLabelsAndFinalizers() {
    String name =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
            + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc',"
            + " regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    assertThat(errors(configMap("'name':'lb','labels':{'a b':'c d'}", "")))
        .containsExactly(
            "metadata.labels: Invalid value: \"a b\": " + name,
            "metadata.labels: Invalid value: \"c d\": a valid label must be an empty string or"
                + " consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                + " with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                + " regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
    assertThat(errors(configMap("'name':'f','finalizers':['noslash']", "")))
        .containsExactly(
            "metadata.finalizers[0]: Invalid value: \"noslash\": name is neither a standard"
                + " finalizer name nor is it fully qualified");
  }

  @Test
  void addsNoFinalizerToWhatIsBeingDeleted() {
    ObjectNode old =
        doc(
            configMap(
                "'name':'f','deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['a/b']", ""));
    ObjectNode doc =
        doc(
            configMap(
                "'name':'f','deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['a/b','e/y']",
                ""));

    assertThat(errors(doc, old))
        .containsExactly(
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
                + " deleted, found new finalizers []string{\"e/y\"}");
  }

  @Test
  void judgesConfiguration() {
    String key =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
            + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
            + " '[-._a-zA-Z0-9]+')";
    assertThat(errors(configMap("'name':'b'", ",'data':{'':'x','a b':'y'}")))
        .containsExactly(
            "data[]: Invalid value: \"\": " + key, "data[a b]: Invalid value: \"a b\": " + key);
    String big = "x".repeat(1024 * 1024 + 1);
    assertThat(errors(configMap("'name':'b'", ",'data':{'a':'" + big + "'}")))
        .containsExactly("Too long: may not be more than 1048576 bytes");

    String frozen = configMap("'name':'b'", ",'immutable':true,'data':{'a':'1'}");
    assertThat(errors(doc(frozen.replace("'1'", "'2'")), created(frozen)))
        .containsExactly("data: Forbidden: field is immutable when `immutable` is set");
  }

  @Test
  void judgesClaims() {
    assertThat(
            errors(
                """
                {'apiVersion':'v1','kind':'PersistentVolumeClaim',
                 'metadata':{'name':'p','namespace':'default'},'spec':{}}
                """))
        .containsExactly(
            "spec.accessModes: Required value: at least 1 access mode is required",
            "spec.resources[storage]: Required value");
  }

  @Test
  void judgesJobs() {
    ObjectNode job =
        created(
            """
            {'apiVersion':'batch/v1','kind':'Job','metadata':{'name':'j','namespace':'default',
               'uid':'u-1'},
             'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}}
            """);
    JobRules.selectOwnPods(job);

    assertThat(Bench.strategy(job).validate(job))
        .extracting(FieldError::toString)
        .containsExactly(
            "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\","
                + " \"Never\"");
    assertThat(job.at("/spec/selector/matchLabels"))
        .isEqualTo(doc("{'batch.kubernetes.io/controller-uid':'u-1'}"));
    assertThat(job.at("/spec/template/metadata/labels/job-name").asString()).isEqualTo("j");
  }

  @Test
  void judgesDefinitions() {
    assertThat(
            errors(
                """
                {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
                 'metadata':{'name':'foo.example.com'},
                 'spec':{'group':'example.com','scope':'Namespaced',
                  'names':{'kind':'Foo','plural':'foos'},
                  'versions':[{'name':'v1','served':true,'storage':false,
                    'schema':{'openAPIV3Schema':{'type':'object'}}}]}}
                """))
        .containsExactly(
            "metadata.name: Invalid value: \"foo.example.com\": must be"
                + " spec.names.plural+\".\"+spec.group",
            "spec.versions: Invalid value:"
                + " [{\"name\":\"v1\",\"served\":true,\"storage\":false,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}}]:"
                + " must have exactly one version marked as storage version");
  }

  @Test
  void mountsClaimsOfAStatefulSet() {
    String set =
        """
        {'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'name':'w','namespace':'default'},
         'spec':{'serviceName':'w','selector':{'matchLabels':{'a':'b'}},
          'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i',
            'volumeMounts':[{'name':'www','mountPath':'/www'}]}]}},
          'volumeClaimTemplates':[{'metadata':{'name':'www'},'spec':{'accessModes':['ReadWriteOnce'],
            'resources':{'requests':{'storage':'1Gi'}}}}]}}
        """;
    assertThat(errors(set)).isEmpty();
    assertThat(errors(doc(set.replace("'serviceName':'w'", "'serviceName':'v'")), created(set)))
        .singleElement()
        .asString()
        .startsWith(
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas'");
  }

  @Test
  void quotesStringsAsGoDoes() {
    assertThat(FieldError.quote("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\n\"");
  }

  @Test
  void judgesCronSchedules() {
    String cron =
        """
        {'apiVersion':'batch/v1','kind':'CronJob','metadata':{'name':'c','namespace':'default'},
         'spec':{'schedule':'SCHEDULE','jobTemplate':{'spec':{'template':{'spec':{
           'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}}}
        """;
    for (String good :
        new String[] {"* * * * *", "*/5 0-6 1,15 jan-mar mon", "@daily", "@every 5m"}) {
      assertThat(errors(cron.replace("SCHEDULE", good))).as(good).isEmpty();
    }
    assertThat(errors(cron.replace("SCHEDULE", "60 * * * *")))
        .containsExactly(
            "spec.schedule: Invalid value: \"60 * * * *\": end of range (60) above maximum (59):"
                + " 60");
    assertThat(errors(cron.replace("SCHEDULE", "TZ=UTC 0 * * * *")))
        .containsExactly(
            "spec.schedule: Invalid value: \"TZ=UTC 0 * * * *\": cannot use TZ or CRON_TZ in"
                + " schedule, use timeZone field instead");
  }
}
