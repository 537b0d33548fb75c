package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import minik8s.api.ApiException;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  private static final Decoder DECODER = new Decoder(new Schemas());
  private static final Gvk POD = new Gvk("", "v1", "Pod");

  private static Decoded decode(String body, String contentType, FieldValidation mode) {
    return DECODER.decode(body.getBytes(StandardCharsets.UTF_8), contentType, POD, mode);
  }

  private static Decoded pod(String body, FieldValidation mode) {
    return decode(body, "application/json; charset=utf-8", mode);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            "{\"spec\":{\"containers\":\"abc\"}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container"),
        Arguments.of(
            "{\"spec\":{\"containers\":[{\"name\":5}]}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string"),
        Arguments.of(
            "{\"spec\":{\"containers\":[\"x\"]}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container"),
        Arguments.of(
            "{\"spec\":[]}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec"),
        Arguments.of(
            "{\"spec\":{\"terminationGracePeriodSeconds\":1.5}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64"),
        Arguments.of(
            "{\"spec\":{\"priority\":3000000000}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number 3000000000 into Go struct field PodSpec.spec.priority of type int32"),
        Arguments.of(
            "{\"spec\":{\"hostNetwork\":\"true\"}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool"),
        Arguments.of(
            "{\"metadata\":{\"labels\":{\"a\":1}}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"),
        Arguments.of(
            "{\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":\"abc\"}}}]}}",
            "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$' (at spec.containers[0].resources.limits.cpu)"),
        Arguments.of(
            "{\"metadata\":{\"creationTimestamp\":\"abc\"}}",
            "Pod in version \"v1\" cannot be handled as a Pod: parsing time \"abc\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"abc\" as \"2006\" (at metadata.creationTimestamp)"),
        Arguments.of(
            "{\"spec\":{\"containers\":[{\"livenessProbe\":{\"httpGet\":{\"port\":true}}}]}}",
            "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal bool into Go value of type int32 (at spec.containers[0].livenessProbe.httpGet.port)"),
        Arguments.of(
            "{\"spec\":{\"foo\":1,\"containers\":[{\"name\":\"a\",\"bar\":2}],\"hostNetwork\":true,\"hostNetwork\":false}}",
            "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.foo\", unknown field \"spec.containers[0].bar\", duplicate field \"spec.hostNetwork\""),
        Arguments.of(
            "{\"kind\":\"Service\",\"apiVersion\":\"v1\"}",
            "Service in version \"v1\" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion"),
        Arguments.of(
            "{\"kind\":\"Foo\",\"apiVersion\":\"v1\"}",
            "Foo in version \"v1\" cannot be handled as a Pod: no kind \"Foo\" is registered for version \"v1\""),
        Arguments.of(
            "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\"}",
            "the API version in the data (apps/v1) does not match the expected API version (v1)"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesInKubernetesWords(String body, String message) {
    assertThatThrownBy(() -> pod(body, FieldValidation.STRICT))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.failure().message()).isEqualTo(message);
              assertThat(e.failure().code()).isEqualTo(400);
            });
  }

  @Test
  void unknownAndDuplicateFieldsAreWarnedOrIgnored() {
    String body = "{\"spec\":{\"foo\":1,\"hostNetwork\":true,\"hostNetwork\":false}}";
    Decoded warned = pod(body, FieldValidation.WARN);
    assertThat(warned.warnings())
        .containsExactly("unknown field \"spec.foo\"", "duplicate field \"spec.hostNetwork\"");
    assertThat(warned.document().get("spec").toString()).isEqualTo("{\"hostNetwork\":false}");
    Decoded ignored = pod(body, FieldValidation.IGNORE);
    assertThat(ignored.warnings()).isEmpty();
    assertThat(ignored.document()).isEqualTo(warned.document());
  }

  @Test
  void completesMissingTypeMeta() {
    assertThat(pod("{\"metadata\":{\"name\":\"x\"}}", FieldValidation.STRICT).document().toString())
        .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"}}");
  }

  @Test
  void normalizesAmountsTimesAndEmptyCollections() {
    String body =
        """
        {"metadata":{"creationTimestamp":"2026-11-23T11:00:00.123+01:00","labels":{},
           "annotations":{"a":null},"ownerReferences":[]},
         "spec":{"containers":[{"name":"a","args":[],"env":null,
            "resources":{"limits":{"cpu":0.5,"memory":"1024Mi"}}}],
           "volumes":[{"name":"v","emptyDir":{}}],"securityContext":{}}}
        """;
    assertThat(pod(body, FieldValidation.STRICT).document())
        .isEqualTo(
            Json.parse(
                """
                {"apiVersion":"v1","kind":"Pod",
                 "metadata":{"creationTimestamp":"2026-11-23T10:00:00Z","annotations":{"a":""}},
                 "spec":{"containers":[{"name":"a",
                    "resources":{"limits":{"cpu":"500m","memory":"1Gi"}}}],
                   "volumes":[{"name":"v","emptyDir":{}}],"securityContext":{}}}
                """));
  }

  @Test
  void malformedBodiesNameLineAndColumn() {
    assertThatThrownBy(() -> pod("{\n  \"a\": }", FieldValidation.STRICT))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("must be of type Pod")
        .hasMessageContaining("line 2, column ");
    assertThatThrownBy(() ->
            decode("spec:\n  containers: [a\nb: c\n", "application/yaml", FieldValidation.WARN))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(
            "yaml parse error: while parsing a flow sequence: expected ',' or ']'")
        .hasMessageContaining("line 3, column ");
    assertThatThrownBy(() -> pod("", FieldValidation.STRICT))
        .hasMessageContaining("unexpected end of JSON input");
    assertThatThrownBy(() -> pod("[]", FieldValidation.STRICT))
        .hasMessageContaining("cannot unmarshal array");
  }

  @Test
  void readsYaml() {
    assertThat(
            decode(
                    "spec:\n  hostNetwork: true\n  foo: 1\n",
                    "application/yaml",
                    FieldValidation.WARN)
                .document()
                .toString())
        .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"hostNetwork\":true}}");
  }

  @Test
  void yamlAliasesStandForTheirAnchors() {
    String body =
        "metadata:\n  labels: &l {a: b}\n  annotations: *l\nspec:\n  nodeSelector: {<<: *l, c: d}\n";
    assertThat(decode(body, "application/yaml", FieldValidation.STRICT).document().toString())
        .isEqualTo(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"labels\":{\"a\":\"b\"},"
                + "\"annotations\":{\"a\":\"b\"}},\"spec\":{\"nodeSelector\":{\"a\":\"b\","
                + "\"c\":\"d\"}}}");
  }

  @Test
  void definitionWithRulesIsAnsweredWithWarning() {
    Gvk gvk = new Gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    String body =
        "{\"spec\":{\"versions\":[{\"name\":\"v1\",\"schema\":{\"openAPIV3Schema\":{\"type\":"
            + "\"object\",\"x-kubernetes-validations\":[{\"rule\":\"true\"}]}}}]}}";
    assertThat(
            DECODER
                .decode(body.getBytes(StandardCharsets.UTF_8), null, gvk, FieldValidation.STRICT)
                .warnings())
        .singleElement()
        .asString()
        .contains("not enforced");
  }

  @Test
  void otherMediaTypesAreRefused() {
    assertThatThrownBy(
            () -> decode("a=b", "application/x-www-form-urlencoded", FieldValidation.WARN))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(415);
              assertThat(e.failure().message())
                  .isEqualTo(
                      "the body of the request was in an unknown format - accepted media types"
                          + " include: application/json, application/yaml,"
                          + " application/vnd.kubernetes.protobuf");
            });
  }

  @Test
  void optionsBelongToEveryGroupAndMayBeAbsent() {
    byte[] body = "{\"propagationPolicy\":\"Background\"}".getBytes(StandardCharsets.UTF_8);
    Gvk options = new Gvk("", "v1", "DeleteOptions");
    assertThat(DECODER.decodeOptions(body, "application/json", options))
        .get()
        .isEqualTo(
            Json.parse(
                "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\","
                    + "\"propagationPolicy\":\"Background\"}"));
    byte[] other =
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(DECODER.decodeOptions(other, null, options))
        .get()
        .satisfies(read -> assertThat(read.get("gracePeriodSeconds").asInt()).isZero());
    assertThat(DECODER.decodeOptions(new byte[0], null, options)).isEmpty();
  }

  @Test
  void everyBuiltInKindHasSoundTypes() {
    TypeTable table = TypeTable.builtIn();
    table.kinds().values().forEach(name -> walk(table, name, new java.util.HashSet<>()));
    assertThat(table.kinds()).hasSizeGreaterThan(50);
  }

  private static void walk(TypeTable table, String name, java.util.Set<String> seen) {
    if (seen.add(name)) {
      for (Field field : table.type(name).fields()) {
        if (!field.type().ref().isEmpty()) {
          walk(table, field.type().ref(), seen);
        }
      }
    }
  }
}
