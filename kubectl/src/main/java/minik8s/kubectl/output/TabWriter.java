package minik8s.kubectl.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligns cells in columns with three spaces between, at least six wide; remembers widths between
 * flushes so that a watch stays aligned. Confined to one thread.
 */
public final class TabWriter {
  private static final int LEAST = 6;
  private static final int PADDING = 3;

  private final List<String[]> lines = new ArrayList<>();
  private int[] remembered = new int[0];

  /** Adds a line of cells; the last one is not padded. */
  public void line(String... cells) {
    lines.add(cells);
  }

  /** Adds a line of cells. */
  public void line(List<String> cells) {
    lines.add(cells.toArray(new String[0]));
  }

  /** Whether nothing waits to be written. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Forgets the widths of earlier lines. */
  public void forget() {
    remembered = new int[0];
  }

  /** Writes the waiting lines. */
  public String flush() {
    return flush(Tint.NONE);
  }

  /** Writes the waiting lines with words tinted, which takes no room in a column. */
  public String flush(Tint tint) {
    int[] widths = widths();
    StringBuilder out = new StringBuilder(lines.size() * 80);
    for (String[] cells : lines) {
      for (int i = 0; i < cells.length; i++) {
        out.append(tint.apply(cells[i]));
        if (i < cells.length - 1) {
          out.repeat(' ', widths[i] - length(cells[i]));
        }
      }
      out.append('\n');
    }
    lines.clear();
    return out.toString();
  }

  private int[] widths() {
    int columns = 0;
    for (String[] cells : lines) {
      columns = Math.max(columns, cells.length);
    }
    int[] widths = java.util.Arrays.copyOf(remembered, Math.max(columns, remembered.length));
    for (String[] cells : lines) {
      for (int i = 0; i < cells.length - 1; i++) {
        widths[i] = Math.max(widths[i], Math.max(LEAST, length(cells[i]) + PADDING));
      }
    }
    remembered = widths;
    return widths;
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
