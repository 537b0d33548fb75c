package minik8s.apiserver.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SelectorsTest {
  private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front", "n", "5");

  private static Kind kind(String group, String plural) {
    return new KindTable().find(group, "v1", plural).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app=web",
        "app==web",
        "app!=db",
        "app in (web,db)",
        "app in (web , db),tier",
        "app notin (db)",
        "missing notin (db)",
        "app",
        "!missing",
        "n>4",
        "n<6,app",
        "in=,!in",
        " app = web , tier = front "
      })
  void selectsByLabels(String query) {
    boolean expected = !query.startsWith("in=");
    assertThat(LabelSelectors.parse(query).matches(LABELS)).isEqualTo(expected);
    JsonNode doc = Json.parse("{\"metadata\":{\"labels\":" + Json.string(LABELS) + "}}");
    assertThat(LabelSelectors.parse(query).matches(doc)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"app=db", "app!=web", "app in (db)", "app notin (web)", "!app", "missing", "n>5"})
  void passesOverOtherLabels(String query) {
    assertThat(LabelSelectors.parse(query).matches(LABELS)).isFalse();
    JsonNode bare = Json.parse("{\"metadata\":{}}");
    assertThat(LabelSelectors.parse("app").matches(bare)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a===b | unable to parse requirement: found '=', expected: identifier",
        "a b | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        "a=b c | found 'c', expected: ',' or 'end of string'",
        "a, | found '', expected: identifier after ','",
        ",a | found ',', expected: !, identifier, or 'end of string'",
        "a in b | unable to parse requirement: found 'b' expected: '('",
        "n>x | unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
        "-a | unable to parse requirement: key: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      })
  void explainsMalformedLabelQueries(String query, String message) {
    assertThatThrownBy(() -> LabelSelectors.parse(query)).hasMessage(message);
  }

  @Test
  void selectsPodsByFields() {
    Kind pods = kind("", "pods");
    JsonNode pod =
        Json.parse(
            """
            {"metadata":{"name":"p","namespace":"n"},"spec":{"nodeName":"n1"},
             "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}]}}
            """);

    FieldQuery query =
        FieldSelectors.parse("spec.nodeName=n1,status.phase!=Failed,status.phase!=Succeeded", pods);

    assertThat(query.matches(pod)).isTrue();
    assertThat(query.exact("spec.nodeName")).contains("n1");
    assertThat(query.exact("status.phase")).isEmpty();
    assertThat(FieldSelectors.parse("metadata.name=q", pods).matches(pod)).isFalse();
    assertThat(FieldSelectors.parse("status.podIPs=10.0.0.1", pods).matches(pod)).isTrue();
    assertThat(FieldSelectors.parse("spec.hostNetwork=false", pods).matches(pod)).isTrue();
  }

  @Test
  void selectsEventsInEitherVersion() {
    JsonNode stored =
        Json.parse("{\"involvedObject\":{\"name\":\"p\"},\"reportingComponent\":\"c\"}");

    assertThat(
            FieldSelectors.parse("involvedObject.name=p,source=c", kind("", "events"))
                .matches(stored))
        .isTrue();
    assertThat(
            FieldSelectors.parse(
                    "regarding.name=p,reportingController=c", kind("events.k8s.io", "events"))
                .matches(stored))
        .isTrue();
  }

  @Test
  void explainsFieldsThatCannotBeSelectedBy() {
    assertThatThrownBy(() -> FieldSelectors.parse("spec.foo=x", kind("", "pods")))
        .hasMessage("field label not supported: spec.foo");
    assertThatThrownBy(() -> FieldSelectors.parse("data.a=x", kind("", "configmaps")))
        .hasMessage(
            "\"data.a\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
    assertThatThrownBy(() -> FieldSelectors.parse("metadata.name", kind("", "pods")))
        .hasMessage("invalid selector: 'metadata.name'; can't understand 'metadata.name'");
  }

  @Test
  void readsEscapedValues() {
    JsonNode doc = Json.parse("{\"metadata\":{\"name\":\"a,b=c\"}}");

    assertThat(FieldSelectors.parse("metadata.name=a\\,b\\=c", kind("", "pods")).matches(doc))
        .isTrue();
  }
}
