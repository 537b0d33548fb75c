package minik8s.kubectl.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yes|true",
        "off|false",
        "~|null",
        "1|1",
        "-1|-1",
        "0x1F|31",
        "010|8",
        "08|8",
        "1_000|1000",
        "1.5|1.5",
        "1e3|1000",
        "\"1\"|\"1\"",
        "!!str 1|\"1\"",
        "2020-01-01|\"2020-01-01\"",
        "12:30|\"12:30\"",
        "abc|\"abc\"",
        "1a|\"1a\"",
        "0b11|3",
        "y|\"y\"",
        "n|\"n\"",
        "99999999999999999999|100000000000000000000",
      })
  void givesScalarsTheirMeaning(String yaml, String json) {
    assertThat(Json.compact(YamlReader.read("a: " + yaml))).isEqualTo("{\"a\":" + json + "}");
  }

  @Test
  void followsAnchorsAndMergeKeys() {
    String yaml = "base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\nlist: [*b]\n";
    assertThat(Json.compact(YamlReader.read(yaml)))
        .isEqualTo(
            "{\"base\":{\"x\":1,\"y\":2},\"list\":[{\"x\":1,\"y\":2}],\"use\":{\"x\":1,\"y\":3}}");
  }

  @Test
  void makesKeysText() {
    assertThat(Json.compact(YamlReader.read("1: a\ntrue: b\n")))
        .isEqualTo("{\"1\":\"a\",\"true\":\"b\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: 1\\nb: c: d\\n|2|mapping values are not allowed in this context",
        "a:\\n  - x\\n  y: 1\\n|3|did not find expected '-' indicator",
        "a: [1, 2\\nb: 3\\n|2|did not find expected ',' or ']'",
        "a: 1\\n\\tb: 2\\n|2|found character that cannot start any token",
        "a: *nope\\n|1|unknown anchor 'nope' referenced",
      })
  void tellsTheLineOfAMistake(String yaml, int line, String message) {
    assertThatThrownBy(() -> YamlReader.read(yaml.replace("\\n", "\n").replace("\\t", "\t")))
        .asInstanceOf(InstanceOfAssertFactories.type(DocumentException.class))
        .satisfies(e -> assertThat(e.line()).isEqualTo(line))
        .satisfies(e -> assertThat(e).hasMessage(message));
  }

  @Test
  void readsPlainYamlLikeTheFullReader() {
    String yaml =
        """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: QUJD
            server: https://127.0.0.1:6443
          name: "mini"
        contexts: []
        users:
        - name: me
          user: {}
        # a remark
        preferences: {}
        flag: true
        number: 5
        empty:
        """;
    assertThat(SimpleYaml.read(yaml)).isEqualTo(YamlReader.read(yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a: {b: 1}",
        "a: |\\n  text",
        "a: &x 1",
        "a: long\\n  text",
        "a: \"it's\\\\\"",
        "a: b # remark",
        "a: \"x\\\\n\"",
        "- a",
        "a: 1\\na: 2",
        "a: b: c",
        "? a"
      })
  void leavesWhatIsNotPlainToTheFullReader(String yaml) {
    assertThat(SimpleYaml.read(yaml.replace("\\n", "\n"))).isNull();
  }
}
