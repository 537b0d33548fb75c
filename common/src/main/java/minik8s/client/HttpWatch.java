package minik8s.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/** A watch read off an HTTP response: one JSON object after the other. */
final class HttpWatch<T> implements Watch<T> {
  private final InputStream body;
  private final Class<T> type;
  private @Nullable MappingIterator<JsonNode> events;
  private volatile boolean closed;

  HttpWatch(InputStream body, Class<T> type) {
    this.body = new BufferedInputStream(body, 4096);
    this.type = type;
  }

  @Override
  public @Nullable WatchEvent<T> next() {
    try {
      if (closed) {
        return null;
      }
      // Opening the parser reads, and so blocks until the first event.
      MappingIterator<JsonNode> open = events;
      if (open == null) {
        open = Json.mapper().readerFor(JsonNode.class).readValues(body);
        events = open;
      }
      return open.hasNextValue() ? decode(open.nextValue()) : null;
    } catch (JacksonException e) {
      if (closed) {
        return null;
      }
      throw new UncheckedIOException(
          "the watch broke: " + e.getOriginalMessage(), new IOException(e.getOriginalMessage(), e));
    }
  }

  private WatchEvent<T> decode(JsonNode event) {
    JsonNode object = event.path("object");
    String kind = event.path("type").asString("");
    return switch (kind) {
      case "ADDED", "MODIFIED" -> new WatchEvent.Changed<>(Json.read(object, type));
      case "DELETED" -> new WatchEvent.Deleted<>(Json.read(object, type));
      case "BOOKMARK" ->
          new WatchEvent.Bookmark<>(object.path("metadata").path("resourceVersion").asString(""));
      case "ERROR" -> throw Failure.ofStatus(object, 500).asException();
      default -> throw Failure.internal("unknown watch event type " + kind).asException();
    };
  }

  @Override
  public void close() {
    closed = true;
    try {
      body.close();
    } catch (IOException e) {
      // the connection is being given up anyway
    }
  }
}
