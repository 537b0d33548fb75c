package minik8s.kubectl.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** Prints columns that the user chose by JSONPath. Confined to one thread. */
final class CustomColumns implements ObjectPrinter {
  private final List<String> headers = new ArrayList<>();
  private final List<JsonPath> paths = new ArrayList<>();
  private final TabWriter out = new TabWriter();
  private boolean headed;

  CustomColumns(String spec, boolean headers, boolean file) {
    this.headed = !headers;
    if (file) {
      fromTemplate(spec);
    } else {
      fromPairs(spec);
    }
  }

  private void fromPairs(String spec) {
    for (String column : spec.split(",", -1)) {
      int colon = column.indexOf(':');
      if (colon < 0) {
        throw KubectlException.error(
            "unexpected custom-columns spec: " + column + ", expected <header>:<json-path-expr>");
      }
      headers.add(column.substring(0, colon));
      paths.add(path(column.substring(colon + 1)));
    }
  }

  /** Two lines: headers, then paths, each separated by blanks. */
  private void fromTemplate(String text) {
    String[] lines = text.strip().split("\n", -1);
    if (lines.length < 2) {
      throw KubectlException.error(
          "parse error, no header or spec line in the custom-columns file");
    }
    for (String header : lines[0].strip().split("\\s+", -1)) {
      headers.add(header);
    }
    for (String spec : lines[1].strip().split("\\s+", -1)) {
      paths.add(path(spec));
    }
    if (headers.size() != paths.size()) {
      throw KubectlException.error(
          "number of headers ("
              + headers.size()
              + ") and field specifications ("
              + paths.size()
              + ") don't match");
    }
  }

  private static JsonPath path(String text) {
    try {
      return JsonPath.relaxed(text);
    } catch (IllegalArgumentException e) {
      throw KubectlException.error(e.getMessage() == null ? "bad path " + text : e.getMessage());
    }
  }

  @Override
  public String print(Map<String, Object> object) {
    if (!headed) {
      headed = true;
      out.line(headers);
    }
    if (object.get("items") instanceof List<?>) {
      for (Object item : Tree.list(object, "items")) {
        row(Tree.asMap(item));
      }
    } else {
      row(object);
    }
    return out.flush();
  }

  private void row(Map<String, Object> object) {
    List<String> cells = new ArrayList<>();
    for (JsonPath path : paths) {
      List<Object> values = path.find(object);
      StringBuilder cell = new StringBuilder();
      for (Object value : values) {
        cell.append(cell.isEmpty() ? "" : ",").append(GoText.of(value));
      }
      cells.add(values.isEmpty() ? "<none>" : cell.toString());
    }
    out.line(cells);
  }
}
