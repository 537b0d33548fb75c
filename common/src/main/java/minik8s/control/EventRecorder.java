package minik8s.control;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import minik8s.api.ApiException;
import minik8s.api.Event;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.ObjectReference;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.PatchType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events for people to read, one virtual thread behind a bounded queue. Thread-safe; never
 * blocks the caller: when the queue is full the event is dropped and the drop logged. The same
 * event again raises {@code count} instead of making another object.
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int QUEUE = 1024;
  private static final int REMEMBERED = 4096;

  private final Api api;
  private final String component;
  private final String host;
  private final Timers timers;
  private final BlockingQueue<Note> notes = new LinkedBlockingQueue<>(QUEUE);
  private final Map<Same, Written> written =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Same, Written> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Thread thread;
  private long lastStamp;
  private long dropped;
  private Instant silentUntil = Instant.EPOCH;

  private record Note(ObjectReference about, String type, String reason, String message) {}

  private record Same(String uid, String fieldPath, String reason, String message) {}

  private record Written(ObjectKey key, int count) {}

  /**
   * @param component such as {@code kubelet}; shown in the From column
   * @param host the node for kubelets; empty elsewhere
   */
  public EventRecorder(Api api, String component, String host, Timers timers) {
    this.api = api;
    this.component = component;
    this.host = host;
    this.timers = timers;
    this.thread = Thread.ofVirtual().name("events").start(this::run);
  }

  /** Something as expected happened to the object. */
  public void normal(Resource<?> resource, KubeObject object, String reason, String message) {
    offer(ObjectReference.to(resource, object, ""), "Normal", reason, message);
  }

  /** Something that someone should look at happened to the object. */
  public void warning(Resource<?> resource, KubeObject object, String reason, String message) {
    offer(ObjectReference.to(resource, object, ""), "Warning", reason, message);
  }

  /**
   * An event about a part of an object.
   *
   * @param type {@code Normal} or {@code Warning}
   */
  public void offer(ObjectReference about, String type, String reason, String message) {
    if (!notes.offer(new Note(about, type, reason, message))) {
      drop();
    }
  }

  /** In a storm one line a minute says how much was lost. */
  private synchronized void drop() {
    dropped++;
    Instant now = timers.clock().instant();
    if (!now.isBefore(silentUntil)) {
      LOG.warn("{} events dropped, more come than can be written", dropped);
      dropped = 0;
      silentUntil = now.plusSeconds(60);
    }
  }

  private void run() {
    try {
      while (true) {
        write(notes.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Note note) {
    Same same =
        new Same(note.about().uid(), note.about().fieldPath(), note.reason(), note.message());
    try {
      Written before = written.get(same);
      written.put(same, before == null ? create(note) : repeat(before));
    } catch (ApiException e) {
      written.remove(same);
      LOG.warn("event not written: {} {}: {}", note.reason(), note.about().name(), e.getMessage());
    }
  }

  private Written create(Note note) {
    Instant now = timers.clock().instant();
    String namespace = note.about().namespace().isEmpty() ? "default" : note.about().namespace();
    // Two events of one moment must not share a name.
    lastStamp = Math.max(lastStamp + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
    String name = note.about().name() + "." + Long.toHexString(lastStamp);
    Event event =
        new Event(
            ObjectMeta.of(namespace, name, Map.of()),
            note.about(),
            note.type(),
            note.reason(),
            note.message(),
            1,
            now,
            now,
            new Event.Source(component, host),
            component,
            host);
    api.create(Resources.EVENTS, namespace, event);
    return new Written(new ObjectKey(namespace, name), 1);
  }

  private Written repeat(Written before) {
    api.patch(
        Resources.EVENTS,
        before.key(),
        "",
        PatchType.MERGE,
        Json.object()
            .put("count", before.count() + 1)
            .put("lastTimestamp", Json.time(timers.clock().instant())));
    return new Written(before.key(), before.count() + 1);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
