package minik8s.controller.autoscaler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was recommended and done before, as far as it still counts. Immutable. It is kept in memory
 * alone, as Kubernetes does: a new process starts with the present size as the only recommendation.
 *
 * @param recommendations oldest first
 * @param changes of the size, oldest first; negative when it shrank
 */
record History(List<Note> recommendations, List<Note> changes) {
  static final History NONE = new History(List.of(), List.of());

  /** Nothing older than this can count: windows and periods are shorter. */
  private static final Duration LONGEST = Duration.ofHours(1);

  /** A number and when it came up. */
  record Note(int amount, Instant at) {}

  History {
    recommendations = List.copyOf(recommendations);
    changes = List.copyOf(changes);
  }

  History recommended(int size, Instant now) {
    return new History(with(recommendations, size, now), changes);
  }

  History changed(int from, int to, Instant now) {
    return new History(recommendations, with(changes, to - from, now));
  }

  private static List<Note> with(List<Note> notes, int amount, Instant now) {
    List<Note> kept = new ArrayList<>(notes.size() + 1);
    notes.stream().filter(note -> note.at().plus(LONGEST).isAfter(now)).forEach(kept::add);
    kept.add(new Note(amount, now));
    return kept;
  }

  /** By how much the size grew within the last seconds. */
  int added(int seconds, Instant now) {
    return changes.stream()
        .filter(note -> note.amount() > 0 && note.at().isAfter(now.minusSeconds(seconds)))
        .mapToInt(Note::amount)
        .sum();
  }

  /** By how much it shrank within the last seconds. */
  int removed(int seconds, Instant now) {
    return -changes.stream()
        .filter(note -> note.amount() < 0 && note.at().isAfter(now.minusSeconds(seconds)))
        .mapToInt(Note::amount)
        .sum();
  }
}
