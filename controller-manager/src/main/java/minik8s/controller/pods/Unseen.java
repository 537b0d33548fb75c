package minik8s.controller.pods;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What we did to the pods of each set and what the cache does not show yet. Thread-safe. Lost when
 * the process ends, which is harmless: a new process begins with a fresh list.
 *
 * <p>A note is made before the request is sent and goes when the watch shows its effect (or the
 * request failed). A watch may swallow an effect, as when a pod is created and gone between two
 * lists; notes older than {@link #DOUBT} are therefore to be checked with the API server.
 */
public final class Unseen {
  /** How old a note must be before it is doubted. */
  public static final Duration DOUBT = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Map<String, Notes> bySet = new HashMap<>();

  /**
   * The notes of one set at one moment. Immutable.
   *
   * @param created names of pods
   * @param deleted uids of pods
   */
  public record Snapshot(Set<String> created, Set<String> deleted) {
    public Snapshot {
      created = Set.copyOf(created);
      deleted = Set.copyOf(deleted);
    }
  }

  private static final class Notes {
    private final Map<String, Instant> created = new HashMap<>();
    private final Map<String, Instant> deleted = new HashMap<>();
  }

  public Unseen(InstantSource clock) {
    this.clock = clock;
  }

  /** A pod of this name is about to be created. */
  public synchronized void creating(String setUid, String name) {
    notes(setUid).created.put(name, clock.instant());
  }

  /** The cache has shown the pod of this name, or it was not created after all. */
  public synchronized void settleCreated(String setUid, String name) {
    Notes notes = bySet.get(setUid);
    if (notes != null) {
      notes.created.remove(name);
    }
  }

  /** The pod with this uid is about to be deleted. */
  public synchronized void deleting(String setUid, String podUid) {
    notes(setUid).deleted.put(podUid, clock.instant());
  }

  /** The cache has shown the deletion, or it failed. */
  public synchronized void settleDeleted(String setUid, String podUid) {
    Notes notes = bySet.get(setUid);
    if (notes != null) {
      notes.deleted.remove(podUid);
    }
  }

  /** What is noted now. Read it before the cache: what is settled by then, the cache shows. */
  public synchronized Snapshot snapshot(String setUid) {
    Notes notes = bySet.get(setUid);
    return notes == null
        ? new Snapshot(Set.of(), Set.of())
        : new Snapshot(notes.created.keySet(), notes.deleted.keySet());
  }

  /** Names whose creation should have been shown by now. */
  public synchronized List<String> doubtful(String setUid) {
    Notes notes = bySet.get(setUid);
    Instant limit = clock.instant().minus(DOUBT);
    return notes == null
        ? List.of()
        : notes.created.entrySet().stream()
            .filter(note -> !note.getValue().isAfter(limit))
            .map(Map.Entry::getKey)
            .collect(Collectors.toList());
  }

  /** Whether anything is noted for the set. */
  public synchronized boolean waiting(String setUid) {
    Notes notes = bySet.get(setUid);
    return notes != null && !(notes.created.isEmpty() && notes.deleted.isEmpty());
  }

  /** The set is gone. */
  public synchronized void forget(@Nullable String setUid) {
    bySet.remove(setUid);
  }

  private Notes notes(String setUid) {
    return bySet.computeIfAbsent(setUid, _ -> new Notes());
  }
}
