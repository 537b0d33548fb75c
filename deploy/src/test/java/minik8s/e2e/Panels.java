package minik8s.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;

/** The visible panels of a dashboard with their queries. Immutable. */
record Panels(List<Panel> panels) {
  /** One query of one panel. */
  record Panel(String title, String query) {}

  /** One of grafana.com's, by its number; its queries are listed among the tests' resources. */
  static Panels known(int id) {
    List<Panel> panels = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(
            Panels.class.getResourceAsStream("/dashboards/" + id + ".tsv"), "no " + id)) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          int tab = line.indexOf('\t');
          panels.add(new Panel(line.substring(0, tab), line.substring(tab + 1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Panels(panels);
  }

  /** One of our own, from its file. */
  static Panels own(Path file) {
    List<Panel> panels = new ArrayList<>();
    for (JsonNode panel : document(file).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        panels.add(new Panel(panel.path("title").asString(""), target.path("expr").asString("")));
      }
    }
    return new Panels(panels);
  }

  static JsonNode document(Path file) {
    try {
      return Json.parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with the dashboard's variables filled in, as Grafana does before it asks. */
  Panels with(Map<String, String> variables) {
    return new Panels(panels.stream().map(panel -> fill(panel, variables)).toList());
  }

  private static Panel fill(Panel panel, Map<String, String> variables) {
    String query = panel.query();
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      query = query.replace("$" + variable.getKey(), variable.getValue());
    }
    return new Panel(panel.title(), query);
  }

  /** Those whose query gives nothing now. */
  List<Panel> empty(Prometheus prometheus) {
    return panels.stream().filter(panel -> !prometheus.has(panel.query())).toList();
  }
}
