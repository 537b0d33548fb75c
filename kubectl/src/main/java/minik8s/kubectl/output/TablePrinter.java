package minik8s.kubectl.output;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;

/**
 * Prints {@code meta.k8s.io/v1} Tables, or name and age of plain objects. Keeps the columns of the
 * last table for a watch. Confined to one thread.
 */
public final class TablePrinter {
  private final TableOptions options;
  private final TabWriter out;
  private final InstantSource clock;
  private List<Object> columns = List.of();
  private boolean headed;
  private boolean plainHeaded;

  /** A printer onto a writer that it never flushes. */
  public TablePrinter(TableOptions options, TabWriter out, InstantSource clock) {
    this.options = options;
    this.out = out;
    this.clock = clock;
  }

  /** Prints a Table, a list or an object; {@code event} is a watch event's type or empty. */
  public void print(Map<String, Object> document, String event) {
    String kind = Tree.text(document, "kind");
    if (kind.equals("Table")) {
      table(document, event);
    } else if (document.containsKey("items")) {
      for (Object item : Tree.list(document, "items")) {
        plain(Tree.asMap(item), event);
      }
    } else {
      plain(document, event);
    }
  }

  private void table(Map<String, Object> table, String event) {
    List<Object> own = Tree.list(table, "columnDefinitions");
    if (!own.isEmpty() && !own.equals(columns)) {
      columns = own;
      headed = false;
    }
    List<Object> rows = Tree.list(table, "rows");
    if (rows.isEmpty()) {
      return;
    }
    if (!headed && options.headers()) {
      header(event);
    }
    headed = true;
    for (Object row : rows) {
      row(row, event);
    }
  }

  private boolean shown(Object column) {
    return options.wide() || Tree.number(column, 0, "priority") == 0;
  }

  private void header(String event) {
    List<String> names = new ArrayList<>();
    for (Object column : columns) {
      if (shown(column)) {
        names.add(Tree.text(column, "name").toUpperCase(Locale.ROOT));
      }
    }
    out.line(framed(names, "NAMESPACE", event.isEmpty() ? "" : "EVENT", labelHeaders()));
  }

  private List<String> labelHeaders() {
    List<String> out = new ArrayList<>();
    for (String label : options.labelColumns()) {
      out.add(label.substring(label.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT));
    }
    if (options.showLabels()) {
      out.add("LABELS");
    }
    return out;
  }

  private List<String> framed(
      List<String> cells, String namespace, String event, List<String> labels) {
    List<String> line = new ArrayList<>(cells.size() + 4);
    if (!event.isEmpty()) {
      line.add(event);
    }
    if (options.namespaces()) {
      line.add(namespace);
    }
    line.addAll(cells);
    line.addAll(labels);
    return line;
  }

  private void row(Object row, String event) {
    List<String> line = new ArrayList<>();
    List<Object> cells = Tree.list(row, "cells");
    boolean named = false;
    for (int i = 0; i < cells.size() && i < columns.size(); i++) {
      Object column = columns.get(i);
      String cell = cell(cells.get(i));
      if (!named && Tree.text(column, "format").equals("name")) {
        named = true;
        cell = options.kindPrefix().isEmpty() ? cell : options.kindPrefix() + "/" + cell;
      }
      if (shown(column)) {
        line.add(cell);
      }
    }
    Object object = Tree.at(row, "object");
    out.line(
        framed(line, Tree.text(object, "metadata", "namespace"), event(event), labelCells(object)));
  }

  private static String event(String type) {
    return type.isEmpty() ? "" : type + " ".repeat(Math.max(0, 8 - type.length()));
  }

  private static String cell(Object value) {
    String text = Tree.scalar(value);
    if (value instanceof Map<?, ?> map) {
      text = minik8s.kubectl.document.Json.compact(map);
    } else if (value instanceof List<?> list) {
      text = list(list);
    }
    int end = -1;
    for (int i = 0; i < text.length() && end < 0; i++) {
      char c = text.charAt(i);
      end = c == '\n' || c == '\r' || c == '\f' ? i : -1;
    }
    return (end < 0 ? text : text.substring(0, end) + "...").replace("\u001b", "^[");
  }

  private static String list(List<?> list) {
    StringBuilder out = new StringBuilder("[");
    for (Object item : list) {
      out.append(out.length() == 1 ? "" : " ").append(cell(item));
    }
    return out.append(']').toString();
  }

  private List<String> labelCells(@org.jspecify.annotations.Nullable Object object) {
    Map<String, Object> labels = Tree.map(object, "metadata", "labels");
    List<String> out = new ArrayList<>();
    for (String label : options.labelColumns()) {
      out.add(Tree.text(labels, label));
    }
    if (options.showLabels()) {
      out.add(labels(labels));
    }
    return out;
  }

  /** Labels as {@code a=b,c=d} in order, or {@code <none>}. */
  public static String labels(Map<String, Object> labels) {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(labels)
        .forEach((key, value) ->
            out.append(out.isEmpty() ? "" : ",")
                .append(key)
                .append('=')
                .append(Tree.scalar(value)));
    return out.isEmpty() ? "<none>" : out.toString();
  }

  private void plain(Map<String, Object> object, String event) {
    if (!plainHeaded && options.headers()) {
      plainHeaded = true;
      List<String> names = List.of("NAME", "AGE");
      out.line(framed(names, "NAMESPACE", event.isEmpty() ? "" : "EVENT", labelHeaders()));
    }
    String name = Tree.text(object, "metadata", "name");
    String shown = options.kindPrefix().isEmpty() ? name : options.kindPrefix() + "/" + name;
    String age = Age.since(Tree.text(object, "metadata", "creationTimestamp"), clock);
    String namespace = Tree.text(object, "metadata", "namespace");
    out.line(framed(List.of(shown, age), namespace, event(event), labelCells(object)));
  }
}
