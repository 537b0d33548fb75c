package minik8s.apiserver.table;

import java.util.ArrayList;
import java.util.List;

/**
 * One column. Immutable.
 *
 * @param format {@code name} for the column that names the object, otherwise empty
 * @param priority 0 is always shown, 1 only in wide output
 */
record Column(String name, String type, String format, String description, int priority) {
  private static final String NAME_TEXT =
      "Name must be unique within a namespace. It is required when creating resources, although"
          + " some resources may have it generated. It cannot be updated.";
  static final Column NAME = new Column("Name", "string", "name", NAME_TEXT, 0);

  /**
   * Columns from short texts: {@code Ready}, {@code Desired:integer}, {@code IP*} for a column of
   * wide output. The name column comes first by itself.
   */
  static List<Column> named(String... texts) {
    List<Column> columns = new ArrayList<>();
    columns.add(NAME);
    for (String text : texts) {
      columns.add(of(text));
    }
    return List.copyOf(columns);
  }

  static Column of(String text) {
    boolean wide = text.endsWith("*");
    String head = wide ? text.substring(0, text.length() - 1) : text;
    int colon = head.indexOf(':');
    String name = colon < 0 ? head : head.substring(0, colon);
    String type = colon < 0 ? "string" : head.substring(colon + 1);
    return new Column(name, type, "", "", wide ? 1 : 0);
  }
}
