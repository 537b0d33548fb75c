package minik8s.apiserver.table;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import minik8s.apiserver.kinds.PrinterColumn;
import tools.jackson.databind.JsonNode;

/** Custom resources as rows, by the columns of their definition. Immutable. */
final class CustomPrinter implements Printer {
  private record Cell(String type, JsonPath path) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<Cell> cells = new ArrayList<>();

  CustomPrinter(List<PrinterColumn> printed) {
    columns.add(Column.NAME);
    for (PrinterColumn each : printed) {
      columns.add(
          new Column(each.name(), each.type(), each.format(), each.description(), each.priority()));
      cells.add(new Cell(each.type(), JsonPath.compile(each.jsonPath())));
    }
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public void print(JsonNode doc, Row row, Instant now) {
    row.text(Texts.name(doc));
    for (Cell cell : cells) {
      add(cell, cell.path.find(doc), row, now);
    }
  }

  private static void add(Cell cell, List<JsonNode> found, Row row, Instant now) {
    if (found.isEmpty() || found.getFirst().isNull()) {
      row.cells().addNull();
      return;
    }
    JsonNode first = found.getFirst();
    switch (cell.type) {
      case "integer" -> {
        if (first.isNumber()) {
          row.number(first.longValue());
        } else {
          row.cells().addNull();
        }
      }
      case "number" -> {
        if (first.isNumber()) {
          row.cells().add(first);
        } else {
          row.cells().addNull();
        }
      }
      case "boolean" -> {
        if (first.isBoolean()) {
          row.flag(first.booleanValue());
        } else {
          row.cells().addNull();
        }
      }
      case "date" -> row.text(date(first.asString(""), now));
      default ->
          row.text(found.stream().map(CustomPrinter::shown).collect(Collectors.joining(" ")));
    }
  }

  private static String shown(JsonNode node) {
    return node.isValueNode() ? node.asString("") : node.toString();
  }

  private static String date(String text, Instant now) {
    try {
      return Texts.human(Duration.between(OffsetDateTime.parse(text).toInstant(), now));
    } catch (DateTimeParseException e) {
      return "<invalid>";
    }
  }
}
