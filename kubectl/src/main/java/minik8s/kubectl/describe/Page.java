package minik8s.kubectl.describe;

import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.Age;
import org.jspecify.annotations.Nullable;

/**
 * A description in the making: lines with tabs that are aligned at the end. Confined to one thread.
 */
final class Page {
  private static final int LONGEST_ANNOTATION = 140;
  private static final Set<String> HIDDEN =
      Set.of("kubectl.kubernetes.io/last-applied-configuration");
  private static final DateTimeFormatter RFC_1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss xx", Locale.ENGLISH);

  private final StringBuilder done = new StringBuilder();
  private final StringBuilder open = new StringBuilder();
  private final InstantSource clock;

  Page(InstantSource clock) {
    this.clock = clock;
  }

  InstantSource clock() {
    return clock;
  }

  /** Adds a line at a level of two spaces each. */
  Page line(int level, String text) {
    open.repeat(' ', level * 2).append(text).append('\n');
    return this;
  }

  /** Adds a title with a tab and a value. */
  Page field(String title, String value) {
    return line(0, title + ":\t" + value);
  }

  /** Adds a title with a value unless that is empty. */
  Page optional(String title, String value) {
    return value.isEmpty() ? this : field(title, value);
  }

  /** Aligns what there is so far, so that later lines do not change it. */
  Page align() {
    done.append(ElasticTabs.format(open.toString()));
    open.setLength(0);
    return this;
  }

  String text() {
    align();
    return done.toString();
  }

  /** The lines with their tabs. */
  String unaligned() {
    return open.toString();
  }

  /** Labels, one per line. */
  Page labels(String title, Map<String, Object> labels) {
    if (labels.isEmpty()) {
      return field(title, "<none>");
    }
    String lead = title + ":";
    for (Map.Entry<String, Object> label : new TreeMap<>(labels).entrySet()) {
      line(0, lead + "\t" + label.getKey() + "=" + Tree.scalar(label.getValue()));
      lead = "";
    }
    return this;
  }

  /** Annotations, one per line, long ones below their name and cut. */
  Page annotations(String title, Map<String, Object> annotations) {
    Map<String, Object> shown = new TreeMap<>(annotations);
    shown.keySet().removeAll(HIDDEN);
    if (shown.isEmpty()) {
      return field(title, "<none>");
    }
    String lead = title + ":";
    for (Map.Entry<String, Object> one : shown.entrySet()) {
      String value = Tree.scalar(one.getValue());
      value = value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
      if (value.length() + one.getKey().length() + 2 > LONGEST_ANNOTATION
          || value.indexOf('\n') >= 0) {
        line(0, lead + "\t" + one.getKey() + ":");
        for (String part : value.split("\n", -1)) {
          line(0, "\t  " + shorten(part));
        }
      } else {
        line(0, lead + "\t" + one.getKey() + ": " + value);
      }
      lead = "";
    }
    return this;
  }

  private static String shorten(String text) {
    int most = LONGEST_ANNOTATION - 2;
    return text.length() > most ? text.substring(0, most) + "..." : text;
  }

  /** Conditions with type and status, and with reason when {@code reasons}. */
  Page conditions(Object object, boolean reasons) {
    List<Object> conditions = Tree.list(object, "status", "conditions");
    if (conditions.isEmpty()) {
      return this;
    }
    line(0, "Conditions:");
    line(1, reasons ? "Type\tStatus\tReason" : "Type\tStatus");
    if (reasons) {
      line(1, "----\t------\t------");
    }
    for (Object condition : conditions) {
      String type = Tree.text(condition, "type") + " \t" + Tree.text(condition, "status");
      line(1, reasons ? type + "\t" + Tree.text(condition, "reason") : type + " ");
    }
    return this;
  }

  /** The controller among the owners as {@code Kind/name}; empty when there is none. */
  static String controller(Object object) {
    for (Object owner : Tree.list(object, "metadata", "ownerReferences")) {
      if (Tree.flag(owner, "controller")) {
        return Tree.text(owner, "kind") + "/" + Tree.text(owner, "name");
      }
    }
    return "";
  }

  /** A timestamp as {@code Mon, 02 Jan 2006 15:04:05 +0000} in local time. */
  static String time(String timestamp) {
    try {
      ZonedDateTime time =
          OffsetDateTime.parse(timestamp).atZoneSameInstant(ZoneId.systemDefault());
      return RFC_1123.format(time);
    } catch (DateTimeException e) {
      return timestamp.isEmpty() ? "Mon, 01 Jan 0001 00:00:00 +0000" : timestamp;
    }
  }

  /** The events of an object, aligned for themselves; null says nothing. */
  Page events(@Nullable List<Object> events) {
    if (events == null) {
      return this;
    }
    if (events.isEmpty()) {
      return field("Events", "<none>");
    }
    align();
    line(0, "Events:");
    line(1, "Type\tReason\tAge\tFrom\tMessage");
    line(1, "----\t------\t----\t----\t-------");
    List<Object> sorted = new ArrayList<>(events);
    sorted.sort((a, b) -> last(a).compareTo(last(b)));
    for (Object event : sorted) {
      event(event);
    }
    return this;
  }

  private static String last(Object event) {
    String series = Tree.text(event, "series", "lastObservedTime");
    String last = series.isEmpty() ? Tree.text(event, "lastTimestamp") : series;
    return last.isEmpty() ? Tree.text(event, "eventTime") : last;
  }

  private void event(Object event) {
    String begin = Tree.text(event, "eventTime");
    String first = Age.since(begin.isEmpty() ? Tree.text(event, "firstTimestamp") : begin, clock);
    long count = Tree.number(event, 1, "count");
    String age = first;
    if (Tree.at(event, "series") != null) {
      age =
          Age.since(Tree.text(event, "series", "lastObservedTime"), clock)
              + " (x"
              + Tree.number(event, 1, "series", "count")
              + " over "
              + first
              + ")";
    } else if (count > 1) {
      age =
          Age.since(Tree.text(event, "lastTimestamp"), clock)
              + " (x"
              + count
              + " over "
              + first
              + ")";
    }
    String source = Tree.text(event, "source", "component");
    source = source.isEmpty() ? Tree.text(event, "reportingComponent") : source;
    String message = Tree.text(event, "message").strip();
    line(
        1,
        Tree.text(event, "type")
            + "\t"
            + Tree.text(event, "reason")
            + "\t"
            + age
            + "\t"
            + source
            + "\t"
            + message);
  }
}
