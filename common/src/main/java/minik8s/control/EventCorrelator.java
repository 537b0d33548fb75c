package minik8s.control;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.api.ObjectReference;

/**
 * Decides what becomes of what one source says: an event of its own, a higher count on an earlier
 * one, or nothing. Confined to one thread; no I/O and no clock, only a memory of the 4096 things of
 * each sort that were used last.
 *
 * <p>Rules, order and numbers are those of Kubernetes' {@code EventCorrelator} (client-go, {@code
 * tools/record/events_cache.go}):
 *
 * <ol>
 *   <li>of events of one object, type and reason the tenth different message within ten minutes of
 *       the last ({@code defaultAggregateMaxEvents}, {@code defaultAggregateIntervalInSeconds}) and
 *       all that follow are counted on one event, which shows the newest message;
 *   <li>the same again counts on the event that said it first;
 *   <li>of one object 25 things are told at once and then one each five minutes ({@code
 *       defaultSpamBurst}, {@code defaultSpamQPS}), repetitions included. What is left out counts
 *       nevertheless, as the next that is told shows.
 * </ol>
 */
final class EventCorrelator {
  /** {@code maxLruCacheEntries}. */
  static final int REMEMBERED = 4096;

  static final int SIMILAR = 10;
  static final Duration SIMILAR_FOR = Duration.ofMinutes(10);
  static final int BURST = 25;
  static final Duration REFILL = Duration.ofMinutes(5);
  static final String COMBINED = "(combined from similar events): ";

  private final Map<Topic, Similar> similar = recent();
  private final Map<Saying, Sighting> sightings = recent();
  private final Map<Subject, Instant> fullAt = recent();
  private long lastStamp;

  /** Something that happened to an object. */
  record Note(ObjectReference about, String type, String reason, String message) {}

  /**
   * What to write.
   *
   * @param name of the event object
   * @param count 1 for a new event; else how often it was seen, left out ones included
   * @param first when it was seen first
   */
  record Sighting(Note note, String name, int count, Instant first) {}

  /** An object, whatever its revision and whatever part of it. */
  private record Subject(
      String apiVersion, String kind, String namespace, String name, String uid) {
    static Subject of(ObjectReference about) {
      return new Subject(
          about.apiVersion(), about.kind(), about.namespace(), about.name(), about.uid());
    }
  }

  private record Topic(Subject subject, String type, String reason) {}

  /** One event object; that of combined events has no part and no message. */
  private record Saying(Topic topic, String fieldPath, Optional<String> message) {}

  /** The first messages of a topic, and when it was last heard of. */
  private record Similar(Set<String> messages, Instant last) {}

  /** The event to write for this; empty when nothing is to be written. */
  Optional<Sighting> observe(Note note, Instant now) {
    Topic topic = new Topic(Subject.of(note.about()), note.type(), note.reason());
    Sighting sighting =
        combines(topic, note.message(), now)
            ? count(new Saying(topic, "", Optional.empty()), combined(note), now)
            : count(
                new Saying(topic, note.about().fieldPath(), Optional.of(note.message())),
                note,
                now);
    return spends(topic.subject(), now) ? Optional.of(sighting) : Optional.empty();
  }

  private static Note combined(Note note) {
    return new Note(note.about(), note.type(), note.reason(), COMBINED + note.message());
  }

  /**
   * Whether this message is one too many. Where Kubernetes then drops any message of the set, this
   * drops the new one, so that those that have events of their own keep them.
   */
  private boolean combines(Topic topic, String message, Instant now) {
    Similar before = similar.get(topic);
    Set<String> messages =
        before == null || Duration.between(before.last(), now).compareTo(SIMILAR_FOR) > 0
            ? new HashSet<>()
            : before.messages();
    similar.put(topic, new Similar(messages, now));
    if (messages.size() < SIMILAR - 1) {
      messages.add(message);
    }
    return !messages.contains(message);
  }

  private Sighting count(Saying saying, Note note, Instant now) {
    Sighting before = sightings.get(saying);
    Sighting sighting =
        before == null
            ? new Sighting(note, name(note, now), 1, now)
            : new Sighting(note, before.name(), before.count() + 1, before.first());
    sightings.put(saying, sighting);
    return sighting;
  }

  /** Two events of one moment must not share a name. */
  private String name(Note note, Instant now) {
    lastStamp = Math.max(lastStamp + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
    return note.about().name() + "." + Long.toHexString(lastStamp);
  }

  /**
   * Takes one of the object's 25 tokens if there is one. A bucket is kept as the moment at which it
   * will be full again; when the clock was set back it is empty, never less.
   */
  private boolean spends(Subject subject, Instant now) {
    Instant empty = now.plus(REFILL.multipliedBy(BURST));
    Instant full = fullAt.getOrDefault(subject, now);
    full = full.isBefore(now) ? now : full.isAfter(empty) ? empty : full;
    Instant next = full.plus(REFILL);
    boolean enough = !next.isAfter(empty);
    fullAt.put(subject, enough ? next : full);
    return enough;
  }

  /** How much is remembered of each sort at most. */
  int size() {
    return Math.max(similar.size(), Math.max(sightings.size(), fullAt.size()));
  }

  private static <K, V> Map<K, V> recent() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }
}
