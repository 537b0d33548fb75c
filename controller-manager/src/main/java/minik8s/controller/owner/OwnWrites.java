package minik8s.controller.owner;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.KubeObject;

/**
 * What a controller wrote to its dependents and the cache does not show yet, so that the next step
 * plans on it. Thread-safe. Lost when the process ends, which is harmless: a new process begins
 * with fresh lists.
 *
 * <p>Revisions are compared as numbers, which our API server's are.
 */
public final class OwnWrites<T extends KubeObject> {
  /** How old a note must be before it is doubted. */
  private static final Duration DOUBT = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Map<String, Map<String, Note<T>>> byOwner = new HashMap<>();

  private record Note<T>(T object, Instant at) {}

  public OwnWrites(InstantSource clock) {
    this.clock = clock;
  }

  /** The API server answered a write with this state. */
  public synchronized void wrote(String ownerUid, T object) {
    byOwner
        .computeIfAbsent(ownerUid, _ -> new HashMap<>())
        .put(object.uid(), new Note<>(object, clock.instant()));
  }

  /** The cache shows this state. */
  public synchronized void shown(T object) {
    byOwner
        .values()
        .forEach(notes -> {
          Note<T> note = notes.get(object.uid());
          if (note != null && revision(note.object()) <= revision(object)) {
            notes.remove(object.uid());
          }
        });
    byOwner.values().removeIf(Map::isEmpty);
  }

  /** The object is gone. */
  public synchronized void gone(String uid) {
    byOwner.values().forEach(notes -> notes.remove(uid));
    byOwner.values().removeIf(Map::isEmpty);
  }

  /** What was written for the owner and not shown. Read it before the cache. */
  public synchronized List<T> unseen(String ownerUid) {
    return byOwner.getOrDefault(ownerUid, Map.of()).values().stream().map(Note::object).toList();
  }

  /** Notes that the watch should have settled long ago. */
  public synchronized List<T> doubtful(String ownerUid) {
    Instant limit = clock.instant().minus(DOUBT);
    return byOwner.getOrDefault(ownerUid, Map.of()).values().stream()
        .filter(note -> !note.at().isAfter(limit))
        .map(Note::object)
        .toList();
  }

  /** The cached objects with newer own writes in their places and unseen ones added. */
  public static <T extends KubeObject> List<T> overlay(List<T> cached, List<T> unseen) {
    Map<String, T> byUid = new LinkedHashMap<>();
    cached.forEach(object -> byUid.put(object.uid(), object));
    for (T object : unseen) {
      byUid.merge(object.uid(), object, OwnWrites::newer);
    }
    return new ArrayList<>(byUid.values());
  }

  private static <T extends KubeObject> T newer(T one, T other) {
    return revision(one) >= revision(other) ? one : other;
  }

  private static long revision(KubeObject object) {
    try {
      return Long.parseLong(object.metadata().resourceVersion());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
