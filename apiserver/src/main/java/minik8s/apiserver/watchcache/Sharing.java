package minik8s.apiserver.watchcache;

/** Who else writes to the store. Thread-safe. */
public interface Sharing {
  /** Where nothing is known, others may write at any time. */
  Sharing UNKNOWN =
      new Sharing() {
        @Override
        public boolean alone(long applied) {
          return false;
        }

        @Override
        public void awaitPresent() {}

        @Override
        public void membersChanged() {}
      };

  /**
   * Whether every write that anybody has been told of, up to this call, is one that the cache was
   * told of: by its watch or by {@link WatchCache#wrote}.
   *
   * @param applied how far the cache has followed its watch
   */
  boolean alone(long applied);

  /**
   * Waits, hardly ever, until what the store held before this call may be shown to anybody: until
   * no other server can show less.
   *
   * @throws minik8s.apiserver.store.StoreException.Unavailable when that takes too long
   */
  void awaitPresent();

  /** A server has come, gone or changed its mind; called by the cache's loop, must not block. */
  void membersChanged();
}
