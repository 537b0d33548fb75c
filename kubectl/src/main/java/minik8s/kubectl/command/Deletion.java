package minik8s.kubectl.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;

/** Deletes single objects and waits until they are gone. Confined to one thread. */
final class Deletion {
  private final Session session;
  private final Arguments arguments;

  Deletion(Session session, Arguments arguments) {
    this.session = session;
    this.arguments = arguments;
  }

  /** The options in the body of a DELETE. */
  static Map<String, Object> options(String cascade, long grace) {
    String policy =
        switch (cascade) {
          case "background", "true" -> "Background";
          case "foreground" -> "Foreground";
          case "orphan", "false" -> "Orphan";
          default ->
              throw KubectlException.error(
                  "invalid cascade value ("
                      + cascade
                      + "). Must be \"background\", \"foreground\", or \"orphan\"");
        };
    return grace >= 0
        ? Tree.of("gracePeriodSeconds", grace, "propagationPolicy", policy)
        : Tree.of("propagationPolicy", policy);
  }

  /** Deletes for {@code apply --force} and {@code replace --force}. */
  void deleteAndWait(Item item) {
    long grace = arguments.number("--grace-period");
    Map<String, Object> options = options(arguments.text("--cascade"), grace);
    try {
      Map<String, Object> answer = session.server().delete(item.path(), options);
      awaitGone(item, uid(answer), Duration.ZERO);
    } catch (ServerException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  /** The uid of what a DELETE's answer speaks of; empty when it does not say. */
  static String uid(Map<String, Object> answer) {
    String uid = Tree.text(answer, "metadata", "uid");
    return uid.isEmpty() ? Tree.text(answer, "details", "uid") : uid;
  }

  /** Waits until the object of this uid is gone; a limit of zero waits for ever. */
  void awaitGone(Item item, String uid, Duration limit) {
    Instant end = session.clock().instant().plus(limit);
    boolean limited = !limit.isZero();
    while (true) {
      String version = present(item, uid);
      if (version.isEmpty()) {
        return;
      }
      long left = limited ? Duration.between(session.clock().instant(), end).toMillis() : 0;
      if (limited && left <= 0) {
        throw KubectlException.error(
            "timed out waiting for the condition on " + item.type().plural() + "/" + item.name());
      }
      watch(item, uid, version, (int) left);
    }
  }

  /** A version to watch from while the object is there; empty when it is gone. */
  private String present(Item item, String uid) {
    Query byName = new Query().with("fieldSelector", "metadata.name=" + item.name());
    Map<String, Object> list = session.server().get(item.type().path(item.namespace()) + byName);
    for (Object one : Tree.list(list, "items")) {
      boolean same = uid.isEmpty() || Tree.text(one, "metadata", "uid").equals(uid);
      if (Tree.text(one, "metadata", "name").equals(item.name()) && same) {
        String version = Tree.text(list, "metadata", "resourceVersion");
        return version.isEmpty() ? "0" : version;
      }
    }
    return "";
  }

  private void watch(Item item, String uid, String version, int millis) {
    Query query =
        new Query()
            .with("allowWatchBookmarks", "true")
            .with("fieldSelector", "metadata.name=" + item.name())
            .with("resourceVersion", version)
            .with("watch", "true");
    String path = item.type().path(item.namespace()) + query;
    try (WatchStream watch = WatchStream.open(session.server(), path, "application/json", millis)) {
      for (WatchStream.Event event = watch.next(); event != null; event = watch.next()) {
        boolean other = !uid.isEmpty() && !Tree.text(event.object(), "metadata", "uid").equals(uid);
        boolean changed = !event.type().equals("BOOKMARK");
        if (event.type().equals("DELETED") || event.type().equals("ERROR") || (other && changed)) {
          return;
        }
      }
    }
  }
}
