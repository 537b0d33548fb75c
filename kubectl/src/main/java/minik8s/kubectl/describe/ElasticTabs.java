package minik8s.kubectl.describe;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligns text with tabs: cells above one another form a column as long as no line interrupts them.
 * Two spaces lie between columns. Stateless.
 */
public final class ElasticTabs {
  private static final int PADDING = 2;

  private final List<String[]> lines = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();

  private ElasticTabs() {}

  /** The text with its tabs turned into columns. */
  public static String format(String text) {
    ElasticTabs tabs = new ElasticTabs();
    if (text.isEmpty()) {
      return "";
    }
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      tabs.lines.add(line.split("\t", -1));
    }
    tabs.block(0, tabs.lines.size());
    return tabs.out.toString();
  }

  private void block(int from, int to) {
    int column = widths.size();
    int start = from;
    for (int i = from; i < to; i++) {
      if (column >= lines.get(i).length - 1) {
        continue;
      }
      write(start, i);
      start = i;
      int width = 0;
      while (i < to && column < lines.get(i).length - 1) {
        width = Math.max(width, length(lines.get(i)[column]) + PADDING);
        i++;
      }
      widths.add(width);
      block(start, i);
      widths.removeLast();
      start = i;
    }
    write(start, to);
  }

  private void write(int from, int to) {
    for (int i = from; i < to; i++) {
      String[] cells = lines.get(i);
      for (int j = 0; j < cells.length; j++) {
        out.append(cells[j]);
        if (j < widths.size()) {
          out.repeat(' ', Math.max(0, widths.get(j) - length(cells[j])));
        }
      }
      out.append('\n');
    }
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
