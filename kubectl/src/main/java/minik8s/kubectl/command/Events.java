package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.Age;
import minik8s.kubectl.output.ObjectPrinter;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl events}: what happened, oldest first. */
final class Events implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("-A --all-namespaces", "If present, across all namespaces.")
        .text("--chunk-size", "500", "Accepted and ignored.")
        .text("--for", "", "Filter events to only those pertaining to the specified resource.")
        .bool("--no-headers", "Don't print headers.")
        .text("-o --output", "", "Output format.")
        .bool("--show-managed-fields", "Keep managedFields in JSON or YAML.")
        .list("--types", "Output only events of given types.")
        .bool("-w --watch", "After listing the requested events, watch for more events.");
  }

  @Override
  public Help help() {
    return new Help(
        "Display events.",
        "kubectl events --for pod/web-pod-13je7 --watch",
        "events [(-o|--output=)...] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> types = arguments.commas("--types");
    for (String type : types) {
      if (!type.equalsIgnoreCase("Normal") && !type.equalsIgnoreCase("Warning")) {
        throw KubectlException.error("valid --types are Normal or Warning");
      }
    }
    boolean everywhere = arguments.bool("--all-namespaces");
    String path = KnownTypes.of("Event").path(everywhere ? "" : session.namespace());
    String selector = selector(session, arguments.text("--for"));
    Map<String, Object> list =
        session
            .server()
            .get(path + new Query().with("fieldSelector", selector).with("limit", "500"));
    List<Object> events = new ArrayList<>();
    for (Object event : Tree.list(list, "items")) {
      if (wanted(event, types)) {
        events.add(event);
      }
    }
    events.sort((a, b) -> last(a).compareTo(last(b)));
    boolean watch = arguments.bool("--watch");
    if (events.isEmpty() && !watch) {
      session.complain(
          everywhere
              ? "No events found."
              : "No events found in " + session.namespace() + " namespace.");
      return 0;
    }
    print(session, arguments, list, events);
    if (watch) {
      follow(session, arguments, path, selector, list, types);
    }
    return 0;
  }

  private static boolean wanted(Object event, List<String> types) {
    String type = Tree.text(event, "type");
    return types.isEmpty() || types.stream().anyMatch(type::equalsIgnoreCase);
  }

  private static String selector(Session session, String word) {
    if (word.isEmpty()) {
      return "";
    }
    int slash = word.indexOf('/');
    if (slash < 1) {
      throw KubectlException.error("--for must be in resource/name form");
    }
    var type = session.discovery().byWord(word.substring(0, slash));
    return "involvedObject.kind="
        + type.kind()
        + ",involvedObject.name="
        + word.substring(slash + 1);
  }

  private static String last(Object event) {
    String series = Tree.text(event, "series", "lastObservedTime");
    String last = series.isEmpty() ? Tree.text(event, "lastTimestamp") : series;
    return last.isEmpty() ? Tree.text(event, "eventTime") : last;
  }

  private static void print(
      Session session, Arguments arguments, Map<String, Object> list, List<Object> events) {
    ObjectPrinter printer =
        ObjectPrinter.of(arguments.text("--output"), arguments.bool("--show-managed-fields"), true);
    if (printer != null) {
      list.put("items", events);
      session.streams().out().append(printer.print(list));
      return;
    }
    TabWriter out = new TabWriter();
    if (!arguments.bool("--no-headers")) {
      List<String> header =
          new ArrayList<>(List.of("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"));
      if (arguments.bool("--all-namespaces")) {
        header.add(0, "NAMESPACE");
      }
      out.line(header);
    }
    for (Object event : events) {
      out.line(cells(session, arguments, event));
    }
    session.streams().out().append(out.flush(Get.tint(session)));
  }

  private static List<String> cells(Session session, Arguments arguments, Object event) {
    String kind = Tree.text(event, "involvedObject", "kind");
    List<String> cells =
        new ArrayList<>(
            List.of(
                age(session, event),
                Tree.text(event, "type"),
                Tree.text(event, "reason"),
                kind + "/" + Tree.text(event, "involvedObject", "name"),
                Tree.text(event, "message").strip()));
    if (arguments.bool("--all-namespaces")) {
      cells.add(0, Tree.text(event, "metadata", "namespace"));
    }
    return cells;
  }

  private static String age(Session session, Object event) {
    String begin = Tree.text(event, "eventTime");
    String first =
        Age.since(begin.isEmpty() ? Tree.text(event, "firstTimestamp") : begin, session.clock());
    long count = Tree.number(event, Tree.number(event, 1, "count"), "series", "count");
    return count > 1
        ? Age.since(last(event), session.clock()) + " (x" + count + " over " + first + ")"
        : first;
  }

  private static void follow(
      Session session,
      Arguments arguments,
      String path,
      String selector,
      Map<String, Object> list,
      List<String> types) {
    Query query =
        new Query()
            .with("fieldSelector", selector)
            .with("resourceVersion", Tree.text(list, "metadata", "resourceVersion"))
            .with("watch", "true");
    session.streams().out().flush();
    try (WatchStream watch =
        WatchStream.open(session.server(), path + query, "application/json", 0)) {
      for (WatchStream.Event event = watch.next(); event != null; event = watch.next()) {
        if (!event.type().equals("DELETED") && wanted(event.object(), types)) {
          TabWriter out = new TabWriter();
          out.line(cells(session, arguments, event.object()));
          session.streams().out().append(out.flush()).flush();
        }
      }
    }
  }
}
