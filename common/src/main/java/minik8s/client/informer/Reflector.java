package minik8s.client.informer;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import minik8s.api.ApiException;
import minik8s.api.KubeObject;
import minik8s.client.Api;
import minik8s.client.ObjectList;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one informer: list, then watch from the list's revision, again from the last revision seen
 * when the watch ends, and list anew when that revision is gone. Runs on a virtual thread of its
 * own between {@link #start} and {@link #close}.
 */
public final class Reflector<T extends KubeObject> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

  private final Api api;
  private final Informer<T> informer;
  private String revision = "";
  private int failures;
  private @Nullable Thread thread;
  private volatile @Nullable Watch<T> watch;
  private volatile boolean closed;

  public Reflector(Api api, Informer<T> informer) {
    this.api = api;
    this.informer = informer;
  }

  /** Starts following on a virtual thread. */
  public Reflector<T> start() {
    thread =
        Thread.ofVirtual()
            .name("reflector-" + informer.resource().plural())
            .start(() -> {
              while (!closed) {
                step();
              }
            });
    return this;
  }

  /** One list where needed and one watch to its end; a failure pauses before the next step. */
  void step() {
    try {
      if (revision.isEmpty()) {
        ObjectList<T> list = api.list(informer.resource(), informer.options().at("0"));
        informer.replace(list);
        revision = list.resourceVersion();
      }
      follow();
      failures = 0;
    } catch (ApiException e) {
      if (e.gone()) {
        LOG.info("relisting {}: {}", informer.resource().plural(), e.getMessage());
        revision = "";
      } else {
        pause(e);
      }
    } catch (UncheckedIOException e) {
      pause(e);
    } catch (RuntimeException e) {
      LOG.error("following {} failed, listing anew", informer.resource().plural(), e);
      revision = "";
      pause(e);
    }
  }

  private void follow() {
    int timeout = ThreadLocalRandom.current().nextInt(300, 600);
    try (Watch<T> open = api.watch(informer.resource(), informer.options().at(revision), timeout)) {
      watch = open;
      if (closed) {
        return;
      }
      for (WatchEvent<T> event = open.next(); event != null; event = open.next()) {
        failures = 0;
        revision = revisionOf(event);
        informer.apply(event);
      }
    }
  }

  private String revisionOf(WatchEvent<T> event) {
    return switch (event) {
      case WatchEvent.Changed<T> changed -> changed.object().metadata().resourceVersion();
      case WatchEvent.Deleted<T> deleted -> deleted.object().metadata().resourceVersion();
      case WatchEvent.Bookmark<T> bookmark -> bookmark.resourceVersion();
    };
  }

  /** Waits longer after each failure in a row, 100 ms to 5 s, with jitter. */
  private void pause(RuntimeException e) {
    if (closed) {
      return;
    }
    if (failures == 0) {
      LOG.warn("following {} failed, will go on: {}", informer.resource().plural(), e.getMessage());
    }
    long millis = Math.min(MAX_PAUSE.toMillis(), 100L << Math.min(failures, 6));
    failures++;
    LockSupport.parkNanos(
        Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis)).toNanos());
  }

  @Override
  public void close() {
    closed = true;
    Watch<T> open = watch;
    if (open != null) {
      open.close();
    }
    if (thread != null) {
      thread.interrupt();
    }
  }
}
