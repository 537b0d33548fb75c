package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.registry.ObjectReader;
import minik8s.apiserver.watchcache.CacheEvent;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.ExpiredException;
import tools.jackson.databind.node.ObjectNode;

/**
 * One watch from its first event to its end.
 *
 * <p>Confined to the request's virtual thread, which sleeps in the cursor between events.
 */
final class WatchStream {
  private static final long BOOKMARK_NANOS = Duration.ofSeconds(60).toNanos();
  private static final byte[] ADDED = prefix("ADDED");
  private static final byte[] MODIFIED = prefix("MODIFIED");
  private static final byte[] DELETED = prefix("DELETED");
  private static final byte[] BOOKMARK = prefix("BOOKMARK");
  private static final byte[] ERROR = prefix("ERROR");

  private final Kind kind;
  private final Form form;
  private final Renderer renderer;
  private final WatchSink sink;
  private final Predicate<CachedObject> selector;
  private final RequestMeters.Watches meters;
  private boolean first = true;

  WatchStream(
      Kind kind,
      Form form,
      Renderer renderer,
      WatchSink sink,
      Predicate<CachedObject> selector,
      RequestMeters.Watches meters) {
    this.kind = kind;
    this.form = form;
    this.renderer = renderer;
    this.sink = sink;
    this.selector = selector;
    this.meters = meters;
  }

  private static byte[] prefix(String type) {
    return ("{\"type\":\"" + type + "\",\"object\":").getBytes(US_ASCII);
  }

  /** Tells everything until the timeout, the client's end or {@code stopped}. */
  void run(
      ObjectReader.WatchStart start,
      String namespace,
      WatchOptions options,
      BooleanSupplier stopped)
      throws IOException {
    for (CachedObject object : start.initial()) {
      tell(ADDED, object);
    }
    if (options.sendInitial()) {
      bookmark(start.revision(), true);
    }
    sink.flush();
    try {
      follow(start, namespace, options, stopped);
    } catch (ExpiredException e) {
      error(Failure.expired(String.valueOf(e.getMessage())));
    }
  }

  private void follow(
      ObjectReader.WatchStart start,
      String namespace,
      WatchOptions options,
      BooleanSupplier stopped)
      throws IOException {
    long now = System.nanoTime();
    long end = now + options.timeout().toNanos();
    long bookmark = now + BOOKMARK_NANOS;
    while (now < end && !stopped.getAsBoolean()) {
      long wake = options.bookmarks() ? Math.min(end, bookmark) : end;
      boolean told = false;
      for (CacheEvent event : start.cursor().next(Duration.ofNanos(wake - now))) {
        told |= tell(event, namespace, start.revision());
      }
      now = System.nanoTime();
      if (options.bookmarks() && now >= bookmark) {
        bookmark(Math.max(start.revision(), start.cursor().revision()), false);
        bookmark = now + BOOKMARK_NANOS;
        told = true;
      }
      if (told) {
        sink.flush();
      }
    }
    if (options.bookmarks()) {
      bookmark(Math.max(start.revision(), start.cursor().revision()), false);
      sink.flush();
    }
  }

  private boolean tell(CacheEvent event, String namespace, long after) throws IOException {
    if (event.revision() <= after || !inside(event.relative(), namespace)) {
      return false;
    }
    CacheEvent.Told told = event.seenThrough(selector);
    if (told == null) {
      return false;
    }
    tell(
        switch (told.type()) {
          case ADDED -> ADDED;
          case MODIFIED -> MODIFIED;
          case DELETED -> DELETED;
        },
        told.object());
    return true;
  }

  private static boolean inside(String relative, String namespace) {
    return namespace.isEmpty()
        || (relative.startsWith(namespace)
            && relative.length() > namespace.length()
            && relative.charAt(namespace.length()) == '/');
  }

  private void tell(byte[] prefix, CachedObject object) throws IOException {
    byte[] body = renderer.event(kind, object, form, first);
    sink.event(prefix, body);
    meters.told(body.length);
    first = false;
  }

  private void bookmark(long revision, boolean initialEnd) throws IOException {
    ObjectNode object = Json.object();
    String apiVersion =
        switch (form.shape()) {
          case PLAIN -> kind.apiVersion();
          case TABLE, PARTIAL -> "meta.k8s.io/" + form.version();
        };
    String name =
        switch (form.shape()) {
          case PLAIN -> kind.kind();
          case TABLE -> "Table";
          case PARTIAL -> "PartialObjectMetadata";
        };
    object.put("kind", name).put("apiVersion", apiVersion);
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(revision)).putNull("creationTimestamp");
    if (initialEnd) {
      metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    sink.event(BOOKMARK, Json.bytes(object));
  }

  /** Tells a failure as the last event. */
  void error(Failure failure) throws IOException {
    sink.event(ERROR, Json.bytes(failure.status()));
    sink.flush();
  }
}
