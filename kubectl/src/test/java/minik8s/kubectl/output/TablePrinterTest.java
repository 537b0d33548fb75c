package minik8s.kubectl.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import org.junit.jupiter.api.Test;

class TablePrinterTest {
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z"));
  private static final String COLUMNS =
      """
      "columnDefinitions":[{"name":"Name","type":"string","format":"name","priority":0},
      {"name":"Ready","type":"string","priority":0},{"name":"Restarts","type":"integer","priority":0},
      {"name":"IP","type":"string","priority":1}]\
      """;

  private final TabWriter out = new TabWriter();

  private static Map<String, Object> table(String rows) {
    return Tree.asMap(Json.parse("{\"kind\":\"Table\"," + COLUMNS + ",\"rows\":[" + rows + "]}"));
  }

  private static String row(String name, String ready) {
    return "{\"cells\":[\""
        + name
        + "\",\""
        + ready
        + "\",0,\"10.0.0.1\"],\"object\":{\"metadata\":{"
        + "\"namespace\":\"ns1\",\"labels\":{\"b\":\"2\",\"a\":\"1\"}}}}";
  }

  private static TableOptions options(
      boolean wide, boolean namespaces, String kind, boolean labels) {
    return new TableOptions(
        wide, true, namespaces, kind, labels ? List.of("x/a") : List.of(), labels);
  }

  private String print(TableOptions options, Map<String, Object> table) {
    new TablePrinter(options, out, NOON).print(table, "");
    return out.flush();
  }

  @Test
  void hidesColumnsOfLowPriority() {
    assertThat(print(options(false, false, "", false), table(row("web-1", "1/1"))))
        .isEqualTo("NAME    READY   RESTARTS\nweb-1   1/1     0\n");
  }

  @Test
  void showsAllColumnsWhenWide() {
    assertThat(print(options(true, false, "", false), table(row("web-1", "1/1"))))
        .isEqualTo("NAME    READY   RESTARTS   IP\nweb-1   1/1     0          10.0.0.1\n");
  }

  @Test
  void putsNamespaceKindAndLabelsAround() {
    assertThat(print(options(false, true, "pod", true), table(row("web-1", "1/1"))))
        .isEqualTo(
            """
            NAMESPACE   NAME        READY   RESTARTS   A     LABELS
            ns1         pod/web-1   1/1     0                a=1,b=2
            """);
  }

  @Test
  void staysAlignedAndHeadsOnlyOnceInAWatch() {
    TablePrinter printer = new TablePrinter(options(false, false, "", false), out, NOON);
    printer.print(table(row("a-long-name", "0/1")), "");
    String first = out.flush();
    Map<String, Object> event =
        Tree.asMap(
            Json.parse(
                "{\"kind\":\"Table\",\"columnDefinitions\":null,\"rows\":["
                    + row("b", "1/1")
                    + "]}"));
    printer.print(event, "");
    assertThat(first + out.flush())
        .isEqualTo(
            "NAME          READY   RESTARTS\na-long-name   0/1     0\nb             1/1     0\n");
  }

  @Test
  void showsTheKindOfChange() {
    TablePrinter printer = new TablePrinter(options(false, false, "", false), out, NOON);
    printer.print(table(row("a", "0/1")), "ADDED");
    assertThat(out.flush())
        .isEqualTo("EVENT      NAME   READY   RESTARTS\nADDED      a      0/1     0\n");
  }

  @Test
  void printsNameAndAgeOfPlainObjects() {
    Map<String, Object> list =
        Tree.asMap(
            Json.parse(
                "{\"kind\":\"FooList\",\"items\":[{\"metadata\":{\"name\":\"x\","
                    + "\"creationTimestamp\":\"2026-01-01T11:00:00Z\"}}]}"));
    assertThat(print(options(false, false, "", false), list)).isEqualTo("NAME   AGE\nx      60m\n");
  }

  @Test
  void cutsCellsAtALineBreak() {
    assertThat(print(options(false, false, "", false), table(row("a\\nb", "1/1"))))
        .contains("a...");
  }

  @Test
  void tintsWordsWithoutMovingColumns() {
    out.line("NAME", "STATUS", "AGE");
    out.line("a", "Running", "1s");
    assertThat(out.flush(Tint.STATUS))
        .isEqualTo("NAME   STATUS    AGE\na      \u001b[32mRunning\u001b[0m   1s\n");
  }
}
