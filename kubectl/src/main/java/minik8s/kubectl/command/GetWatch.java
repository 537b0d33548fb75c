package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.command.Targets.Wanted;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.ObjectPrinter;
import minik8s.kubectl.output.TabWriter;
import minik8s.kubectl.output.TablePrinter;
import org.jspecify.annotations.Nullable;

/** {@code kubectl get -w}: a list, then every change until the server ends the watch. */
final class GetWatch {
  private final Session session;
  private final Arguments arguments;
  private final TabWriter writer = new TabWriter();
  private final @Nullable ObjectPrinter documents;

  GetWatch(Session session, Arguments arguments) {
    this.session = session;
    this.arguments = arguments;
    this.documents = Get.printer(arguments);
  }

  int run(Wanted wanted) {
    ResourceType type = wanted.type();
    TablePrinter table =
        new TablePrinter(
            Get.options(arguments, type, arguments.bool("--show-kind")), writer, session.clock());
    Map<String, Object> first;
    try {
      first = session.server().get(Get.path(wanted, arguments, listQuery(wanted)), accept());
    } catch (ServerException e) {
      if (e.notFound() && arguments.bool("--ignore-not-found")) {
        return 0;
      }
      throw e;
    }
    boolean quiet = arguments.bool("--watch-only");
    if (!quiet) {
      print(type, table, first, arguments.bool("--output-watch-events") ? "ADDED" : "");
    }
    String version = Tree.text(first, "metadata", "resourceVersion");
    if (wanted instanceof Wanted.One && version.isEmpty()) {
      version = Tree.text(row(first), "object", "metadata", "resourceVersion");
    }
    follow(wanted, type, table, version);
    return 0;
  }

  private static @Nullable Object row(Map<String, Object> table) {
    List<Object> rows = Tree.list(table, "rows");
    return rows.isEmpty() ? null : rows.get(0);
  }

  private void follow(Wanted wanted, ResourceType type, TablePrinter table, String version) {
    String namespace =
        switch (wanted) {
          case Wanted.One one -> one.namespace();
          case Wanted.Every every -> every.namespace();
        };
    Query query =
        new Query()
            .with("fieldSelector", fieldSelector(wanted))
            .with("labelSelector", arguments.text("--selector"))
            .with("resourceVersion", version)
            .with("watch", "true");
    try (WatchStream watch =
        WatchStream.open(session.server(), type.path(namespace) + query, accept(), 0)) {
      boolean events = arguments.bool("--output-watch-events");
      for (WatchStream.Event event = watch.next(); event != null; event = watch.next()) {
        if (event.type().equals("BOOKMARK")) {
          continue;
        }
        if (event.type().equals("ERROR")) {
          throw new ServerException((int) Tree.number(event.object(), 500, "code"), event.object());
        }
        print(type, table, event.object(), events ? event.type() : "");
      }
    }
  }

  private String fieldSelector(Wanted wanted) {
    return wanted instanceof Wanted.One one
        ? "metadata.name=" + one.name()
        : arguments.text("--field-selector");
  }

  private Query listQuery(Wanted wanted) {
    boolean every = wanted instanceof Wanted.Every;
    return new Query()
        .with("fieldSelector", every ? arguments.text("--field-selector") : "")
        .with("labelSelector", every ? arguments.text("--selector") : "")
        .with("limit", every ? "500" : "");
  }

  private String accept() {
    return documents == null ? Get.accept(arguments) : "application/json";
  }

  private void print(
      ResourceType type, TablePrinter table, Map<String, Object> object, String event) {
    if (documents == null) {
      table.print(object, event);
      session.streams().out().append(writer.flush(Get.tint(session)));
    } else if (object.containsKey("items")) {
      for (Object item : Tree.list(object, "items")) {
        print(type, table, Tree.asMap(item), event);
      }
    } else {
      Map<String, Object> full = Item.live(type, object).object();
      Map<String, Object> shown = event.isEmpty() ? full : Tree.of("object", full, "type", event);
      session.streams().out().append(documents.print(shown));
    }
    session.streams().out().flush();
  }
}
