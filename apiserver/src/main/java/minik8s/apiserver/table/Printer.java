package minik8s.apiserver.table;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** How documents of one kind become rows. Implementations are stateless. */
interface Printer {
  /** The columns, the name first. */
  List<Column> columns();

  /** Adds a cell for each column, the name's included. */
  void print(JsonNode doc, Row row, Instant now);

  /** Adds row conditions, such as that the object has completed. */
  default void conditions(JsonNode doc, ArrayNode conditions) {}

  /** The cells of a row, to be filled from left to right. Confined to one call. */
  record Row(ArrayNode cells) {
    Row text(String value) {
      cells.add(value);
      return this;
    }

    /** A text, or {@code <none>} for an empty one. */
    Row orNone(String value) {
      return text(value.isEmpty() ? "<none>" : value);
    }

    Row number(long value) {
      cells.add(value);
      return this;
    }

    Row flag(boolean value) {
      cells.add(value);
      return this;
    }
  }

  /** A printer of columns and one function. */
  static Printer of(List<Column> columns, Cells cells) {
    return new Printer() {
      @Override
      public List<Column> columns() {
        return columns;
      }

      @Override
      public void print(JsonNode doc, Row row, Instant now) {
        row.text(Texts.name(doc));
        cells.print(doc, row, now);
      }
    };
  }

  /** Adds the cells after the name. */
  @FunctionalInterface
  interface Cells {
    void print(JsonNode doc, Row row, Instant now);
  }
}
