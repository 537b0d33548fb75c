package minik8s.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/** A watch read off an HTTP response: one JSON object after the other. */
final class HttpWatch<T> implements Watch<T> {
  /** One object after the other, without a look for duplicate fields, which only people write. */
  private static final ObjectReader READER =
      Json.mapper()
          .reader()
          .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .without(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final InputStream body;
  private final ObjectReader objects;
  private @Nullable JsonParser events;
  private volatile boolean closed;

  HttpWatch(InputStream body, Class<T> type) {
    this.body = new BufferedInputStream(body, 4096);
    this.objects = READER.forType(type);
  }

  @Override
  public @Nullable WatchEvent<T> next() {
    try {
      if (closed) {
        return null;
      }
      // Opening the parser reads, and so blocks until the first event.
      JsonParser open = events;
      if (open == null) {
        open = READER.createParser(body);
        events = open;
      }
      return open.nextToken() == null ? null : decode(open);
    } catch (JacksonException e) {
      if (closed) {
        return null;
      }
      throw new UncheckedIOException(
          "the watch broke: " + e.getOriginalMessage(), new IOException(e.getOriginalMessage(), e));
    }
  }

  /** The type comes first, as from every server written in Go, so the object is read only once. */
  private WatchEvent<T> decode(JsonParser event) {
    String kind = "";
    WatchEvent<T> read = null;
    while (event.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = event.currentName();
      event.nextToken();
      switch (field) {
        case "type" -> kind = event.getString();
        case "object" -> read = object(kind, event);
        default -> event.skipChildren();
      }
    }
    if (read == null) {
      throw Failure.internal("watch event without an object").asException();
    }
    return read;
  }

  private WatchEvent<T> object(String kind, JsonParser at) {
    return switch (kind) {
      case "ADDED", "MODIFIED" -> new WatchEvent.Changed<>(objects.<T>readValue(at));
      case "DELETED" -> new WatchEvent.Deleted<>(objects.<T>readValue(at));
      case "BOOKMARK" ->
          new WatchEvent.Bookmark<>(
              READER.readTree(at).path("metadata").path("resourceVersion").asString(""));
      case "ERROR" -> throw Failure.ofStatus(READER.readTree(at), 500).asException();
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
