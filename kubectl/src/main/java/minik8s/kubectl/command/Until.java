package minik8s.kubectl.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;

/**
 * Looks at one object, now and at each change, until a condition holds or time is up. Starts again
 * with a list whenever a watch ends. Confined to one thread.
 */
final class Until {
  private final Session session;
  private final ResourceType type;
  private final String namespace;
  private final String name;
  private final Instant end;
  private final boolean limited;

  /** What is waited for. */
  @FunctionalInterface
  interface Condition {
    /** Whether it holds; the event is ADDED, MODIFIED, DELETED or ABSENT with an empty object. */
    boolean holds(String event, Map<String, Object> object);
  }

  /** Waits for one object; a limit of zero waits for ever. */
  Until(Session session, ResourceType type, String namespace, String name, Duration limit) {
    this.session = session;
    this.type = type;
    this.namespace = namespace;
    this.name = name;
    this.limited = !limit.isZero();
    this.end = session.clock().instant().plus(limit);
  }

  /** Waits; false when time is up first. */
  boolean run(Condition condition) {
    Query byName = new Query().with("fieldSelector", "metadata.name=" + name);
    while (true) {
      Map<String, Object> list = session.server().get(type.path(namespace) + byName);
      if (look(list, condition)) {
        return true;
      }
      int millis = left();
      if (millis < 0) {
        return false;
      }
      if (watch(Tree.text(list, "metadata", "resourceVersion"), millis, condition)) {
        return true;
      }
      if (left() < 0) {
        return false;
      }
    }
  }

  private int left() {
    if (!limited) {
      return 0;
    }
    long millis = Duration.between(session.clock().instant(), end).toMillis();
    return millis <= 0 ? -1 : (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private boolean look(Map<String, Object> list, Condition condition) {
    for (Object item : Tree.list(list, "items")) {
      if (Tree.text(item, "metadata", "name").equals(name)) {
        return condition.holds("ADDED", Item.live(type, Tree.asMap(item)).object());
      }
    }
    return condition.holds("ABSENT", Map.of());
  }

  private boolean watch(String version, int millis, Condition condition) {
    Query query =
        new Query()
            .with("allowWatchBookmarks", "true")
            .with("fieldSelector", "metadata.name=" + name)
            .with("resourceVersion", version)
            .with("watch", "true");
    String path = type.path(namespace) + query;
    try (WatchStream watch = WatchStream.open(session.server(), path, "application/json", millis)) {
      for (WatchStream.Event event = watch.next(); event != null; event = watch.next()) {
        if (event.type().equals("ERROR")) {
          return false;
        }
        if (!event.type().equals("BOOKMARK") && condition.holds(event.type(), event.object())) {
          return true;
        }
        int left = left();
        if (left < 0) {
          return false;
        }
        watch.patience(left);
      }
      return false;
    } catch (ServerException e) {
      if (e.code() == 410) {
        return false;
      }
      throw e;
    }
  }
}
