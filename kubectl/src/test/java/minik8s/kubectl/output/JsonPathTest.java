package minik8s.kubectl.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import minik8s.kubectl.document.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations were checked side by side with kubectl 1.33. */
class JsonPathTest {
  private static final Object POD =
      Json.parse(
          """
          {"kind":"Pod","metadata":{"name":"web","labels":{"app.kubernetes.io/name":"x"}},
           "spec":{"containers":[{"name":"a","image":"i1","ports":[{"containerPort":80}]},
                                 {"name":"b","image":"i2"}]},
           "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"Other","status":"False"}],
                     "n":3,"ratio":0.5,"ok":true}}
          """);

  private static String render(String template) {
    return JsonPath.parse(template).render(POD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{.metadata.name}|web",
        "{ .metadata.name }|web",
        "{$.metadata.name}|web",
        "{.metadata['name']}|web",
        "{.metadata.labels.app\\.kubernetes\\.io/name}|x",
        "{.metadata.labels['app\\.kubernetes\\.io/name']}|x",
        "{.spec.containers[*].name}|a b",
        "{.spec.containers[1].name}|b",
        "{.spec.containers[-1].name}|b",
        "{.spec.containers[-1:].name}|b",
        "{.spec.containers[0:1].name}|a",
        "{.spec.containers[0,1].image}|i1 i2",
        "{.spec.containers[?(@.name==\"b\")].image}|i2",
        "{.spec.containers[?(@.ports)].name}|a",
        "{.status.conditions[?(@.type=='Ready')].status}|True",
        "{.status.n}-{.status.ratio}-{.status.ok}|3-0.5-true",
        "{..containerPort}|80",
        "{.missing}x|x",
        "{range .spec.containers[*]}{.name}={.image};{end}|a=i1;b=i2;",
        "{.spec.containers[0].ports}|[{\"containerPort\":80}]",
        "plain|plain",
        "{\"quoted\"}|quoted",
        "{.kind}{\"/\"}{.metadata.name}|Pod/web",
        "{.status.conditions[?(@.status!=\"True\")].type}|Other",
      })
  void rendersAsKubectlDoes(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @Test
  void writesTabsAndLineBreaks() {
    assertThat(render("{.metadata.name}{\"\\t\"}{.kind}{'\\n'}")).isEqualTo("web\tPod\n");
  }

  @Test
  void refusesBadTemplates() {
    assertThatThrownBy(() -> JsonPath.parse("{.a")).hasMessage("unclosed action");
    assertThatThrownBy(() -> JsonPath.parse("{range .a}x")).hasMessage("unterminated range");
    assertThatThrownBy(() -> JsonPath.parse("{end}")).hasMessage("not in range, nothing to end");
    assertThatThrownBy(() -> JsonPath.parse("{.a[}")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void allowsPathsWithoutBracesWhereKubectlDoes() {
    assertThat(JsonPath.relaxed("metadata.name").find(POD)).containsExactly("web");
    assertThat(JsonPath.relaxed(".metadata.name").find(POD)).containsExactly("web");
    assertThat(JsonPath.relaxed("{.metadata.name}").find(POD)).containsExactly("web");
    assertThatThrownBy(() -> JsonPath.relaxed("{.a}{.b}")).hasMessageContaining("unexpected path");
  }

  @Test
  void complainsAboutAnIndexOutOfBounds() {
    assertThatThrownBy(() -> render("{.spec.containers[7].name}"))
        .hasMessageContaining("array index out of bounds: index 7, length 2");
  }
}
