package minik8s.apiserver.store;

import org.jspecify.annotations.Nullable;

/** What can go wrong with a store, as a closed set. Immutable. */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The key is already there. */
  public static final class Exists extends StoreException {
    private static final long serialVersionUID = 1L;
    private final transient Entry current;

    /** Carries the present entry. */
    public Exists(Entry current) {
      super("key " + current.key() + " already exists", null);
      this.current = current;
    }

    /** What the key holds. */
    public Entry current() {
      return current;
    }
  }

  /** The key holds something else than what the caller has seen. */
  public static final class Changed extends StoreException {
    private static final long serialVersionUID = 1L;
    private final transient @Nullable Entry current;

    /** Carries the present entry, or null when the key is gone. */
    public Changed(String key, @Nullable Entry current) {
      super("key " + key + (current == null ? " is gone" : " is at " + current.revision()), null);
      this.current = current;
    }

    /** What the key holds now, or null when it is gone. */
    public @Nullable Entry current() {
      return current;
    }
  }

  /** The asked revision was compacted away. */
  public static final class Compacted extends StoreException {
    private static final long serialVersionUID = 1L;

    /** Names the revision that was asked for. */
    public Compacted(long revision) {
      super("revision " + revision + " has been compacted", null);
    }
  }

  /** The asked revision has not happened yet. */
  public static final class Future extends StoreException {
    private static final long serialVersionUID = 1L;

    /** Names the revision that was asked for. */
    public Future(long revision) {
      super("revision " + revision + " has not happened yet", null);
    }
  }

  /** The value is larger than the store takes. */
  public static final class TooLarge extends StoreException {
    private static final long serialVersionUID = 1L;

    /** Names the key and its size in bytes. */
    public TooLarge(String key, int bytes) {
      super("value of " + key + " has " + bytes + " bytes, more than the store takes", null);
    }
  }

  /** The store did not answer in time; a write may or may not have happened. */
  public static final class Unavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    /** Says why, in words for the user. */
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
