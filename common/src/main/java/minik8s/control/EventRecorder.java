package minik8s.control;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
import minik8s.control.EventCorrelator.Note;
import minik8s.control.EventCorrelator.Sighting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events for people to read, one virtual thread behind a bounded queue. Thread-safe; never
 * blocks the caller: when the queue is full the event is dropped and the drop logged. What is said
 * again, or too often, counts on an earlier event or is left out ({@link EventCorrelator}).
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int QUEUE = 1024;

  private final Api api;
  private final String component;
  private final String host;
  private final Timers timers;
  private final BlockingQueue<Note> notes = new LinkedBlockingQueue<>(QUEUE);
  private final EventCorrelator correlator = new EventCorrelator();
  private final Thread thread;
  private long dropped;
  private Instant silentUntil = Instant.EPOCH;

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
    Instant now = timers.clock().instant();
    Optional<Sighting> sighting = correlator.observe(note, now);
    try {
      if (sighting.isPresent()) {
        write(sighting.get(), now);
      }
    } catch (ApiException e) {
      LOG.warn("event not written: {} {}: {}", note.reason(), note.about().name(), e.getMessage());
    }
  }

  /**
   * Counts on the event that is there; one that is not, or not any more, is made with its count.
   */
  private void write(Sighting sighting, Instant now) {
    if (sighting.count() == 1) {
      create(sighting, now);
      return;
    }
    try {
      repeat(sighting, now);
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
      create(sighting, now);
    }
  }

  private void create(Sighting sighting, Instant now) {
    Note note = sighting.note();
    ObjectKey key = key(sighting);
    Event event =
        new Event(
            ObjectMeta.of(key.namespace(), key.name(), Map.of()),
            note.about(),
            note.type(),
            note.reason(),
            note.message(),
            sighting.count(),
            sighting.first(),
            now,
            new Event.Source(component, host),
            component,
            host);
    api.create(Resources.EVENTS, key.namespace(), event);
  }

  private void repeat(Sighting sighting, Instant now) {
    api.patch(
        Resources.EVENTS,
        key(sighting),
        "",
        PatchType.MERGE,
        Json.object()
            .put("count", sighting.count())
            .put("message", sighting.note().message())
            .put("lastTimestamp", Json.time(now)));
  }

  private static ObjectKey key(Sighting sighting) {
    String namespace = sighting.note().about().namespace();
    return new ObjectKey(namespace.isEmpty() ? "default" : namespace, sighting.name());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
