package minik8s.apiserver.store;

import java.util.List;

/**
 * Receives the changes of a watch. Called by one thread at a time, in revision order, each event
 * once, also across reconnects; must not block for long.
 */
public interface StoreListener {
  /** Tells of changes; {@code revision} is the last revision that the watch has now passed. */
  void changed(List<StoreEvent> events, long revision);

  /** Tells that events are lost to compaction: the watch is over and the reader must list again. */
  void lost(long compactedRevision);
}
