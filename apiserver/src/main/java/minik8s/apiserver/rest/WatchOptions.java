package minik8s.apiserver.rest;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import minik8s.api.Failure;
import org.jspecify.annotations.Nullable;

/**
 * How a watch is to run. Immutable.
 *
 * @param revision the resourceVersion to go on from; null or 0 begins with the present objects
 * @param bookmarks whether bookmarks are understood
 * @param sendInitial whether the present objects are to come as events, ended by a marked bookmark
 * @param timeout when the watch ends by itself
 */
record WatchOptions(
    @Nullable Long revision, boolean bookmarks, boolean sendInitial, Duration timeout) {

  /** Reads the parameters of a watch. */
  static WatchOptions of(Query query) {
    Long seconds = query.number("timeoutSeconds");
    boolean initial = query.flag("sendInitialEvents");
    boolean bookmarks = query.flag("allowWatchBookmarks");
    if (query.has("sendInitialEvents")
        && !query.text("resourceVersionMatch").equals("NotOlderThan")) {
      throw invalid(
          "resourceVersionMatch",
          "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    Duration timeout =
        seconds == null || seconds == 0
            ? Duration.ofSeconds(1800 + ThreadLocalRandom.current().nextInt(1800))
            : Duration.ofSeconds(seconds);
    return new WatchOptions(query.number("resourceVersion"), bookmarks, initial, timeout);
  }

  private static RuntimeException invalid(String field, String message) {
    return Failure.invalid(
            "meta.k8s.io",
            "ListOptions",
            "",
            List.of(new Failure.Cause("FieldValueForbidden", message, field)))
        .asException();
  }

  /** Whether the watch begins with the objects that are there. */
  boolean beginsWithObjects() {
    return sendInitial || revision == null || revision == 0;
  }
}
