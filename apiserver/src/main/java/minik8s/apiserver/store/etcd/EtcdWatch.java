package minik8s.apiserver.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreEvent;
import minik8s.apiserver.store.StoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch over all keys that outlives its connections.
 *
 * <p>Thread-safe: all state is guarded by {@code this}. Each connection is an attempt with its own
 * number; an answer of an older attempt is dropped, and so is an event that an earlier attempt has
 * delivered already.
 */
final class EtcdWatch implements Store.Subscription {
  private static final Logger log = LoggerFactory.getLogger(EtcdWatch.class);
  private static final ByteSequence EVERYTHING = ByteSequence.from(new byte[] {0});
  private static final long RETRY_MILLIS = 200;

  private final Watch client;
  private final StoreListener listener;
  private long next;
  private int attempt;
  private boolean closed;
  private Watch.@Nullable Watcher watcher;

  EtcdWatch(Watch client, long from, StoreListener listener) {
    this.client = client;
    this.next = from;
    this.listener = listener;
  }

  /** Starts the first attempt, or the next one after a failure. */
  synchronized void open() {
    if (closed) {
      return;
    }
    int number = ++attempt;
    WatchOption option =
        WatchOption.builder()
            .withRange(EVERYTHING)
            .withRevision(next)
            .withProgressNotify(true)
            .build();
    Watch.Watcher started =
        client.watch(
            EVERYTHING,
            option,
            Watch.listener(
                answer -> deliver(number, answer),
                failure -> retry(number, failure),
                () -> retry(number, null)));
    if (number == attempt) {
      watcher = started;
    } else {
      started.close();
    }
  }

  private synchronized void deliver(int number, WatchResponse answer) {
    if (closed || number != attempt) {
      return;
    }
    List<StoreEvent> events = new ArrayList<>(answer.getEvents().size());
    for (WatchEvent event : answer.getEvents()) {
      StoreEvent read = read(event);
      if (read.revision() >= next) {
        events.add(read);
      }
    }
    // Only what arrived is passed for sure: the header may be ahead of events still under way (etcd
    // issue 15220).
    if (!events.isEmpty()) {
      long last = events.getLast().revision();
      next = last + 1;
      listener.changed(events, last);
    }
  }

  /** A watcher that failed tries again by itself, for ever; it must not do so beside our next. */
  private void retry(int number, @Nullable Throwable failure) {
    Watch.Watcher failed = giveUp(number, failure);
    if (failed != null) {
      failed.close();
    }
  }

  /** Returns the watcher that is not wanted any more, if there is one. */
  private synchronized Watch.@Nullable Watcher giveUp(int number, @Nullable Throwable failure) {
    if (closed || number != attempt) {
      return null;
    }
    attempt++;
    Watch.Watcher failed = watcher;
    watcher = null;
    if (failure instanceof CompactedException compacted) {
      closed = true;
      listener.lost(compacted.getCompactedRevision());
      return failed;
    }
    log.warn(
        "etcd watch broke, opening it again from revision {}: {}", next, String.valueOf(failure));
    CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS).execute(this::open);
    return failed;
  }

  private static StoreEvent read(WatchEvent event) {
    var changed = event.getKeyValue();
    boolean gone = event.getEventType() == WatchEvent.EventType.DELETE;
    return new StoreEvent(
        changed.getKey().toString(java.nio.charset.StandardCharsets.UTF_8),
        gone ? null : changed.getValue().getBytes(),
        changed.getModRevision());
  }

  @Override
  public void close() {
    Watch.Watcher open;
    synchronized (this) {
      closed = true;
      open = watcher;
    }
    if (open != null) {
      open.close();
    }
  }
}
