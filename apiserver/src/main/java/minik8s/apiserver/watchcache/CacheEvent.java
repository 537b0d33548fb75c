package minik8s.apiserver.watchcache;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One change of one object, shared by all watchers. Immutable apart from a memo; thread-safe. */
public final class CacheEvent {
  /** What a watcher sees happen. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  /**
   * What one watcher is told.
   *
   * @param type what happened as seen through its selector
   * @param object the object's state to show
   */
  public record Told(Type type, CachedObject object) {}

  private final long revision;
  private final @Nullable CachedObject object;
  private final @Nullable CachedObject previous;
  private volatile @Nullable CachedObject departed;

  CacheEvent(long revision, @Nullable CachedObject object, @Nullable CachedObject previous) {
    this.revision = revision;
    this.object = object;
    this.previous = previous;
  }

  /** The revision of the change. */
  public long revision() {
    return revision;
  }

  /** The key of the object in its resource. */
  public String relative() {
    CachedObject known = object == null ? previous : object;
    return known == null ? "" : known.relative();
  }

  /**
   * What a watcher with this selector is told: an object that stops matching is deleted for it, one
   * that starts to is added.
   */
  public @Nullable Told seenThrough(Predicate<CachedObject> selector) {
    CachedObject now = object;
    CachedObject before = previous;
    boolean matches = now != null && selector.test(now);
    boolean matched = before != null && selector.test(before);
    if (now != null && matches) {
      return new Told(matched ? Type.MODIFIED : Type.ADDED, now);
    }
    return before != null && matched ? new Told(Type.DELETED, departed(before)) : null;
  }

  /** The last state under the revision of its end; made once for all watchers. */
  private CachedObject departed(CachedObject before) {
    CachedObject known = departed;
    if (known == null) {
      known = before.at(revision);
      departed = known;
    }
    return known;
  }

  /** About how much memory the history pays for this event, in bytes. */
  long weight() {
    return 200L + (previous == null ? 0 : previous.json().length);
  }
}
