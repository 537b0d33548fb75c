package minik8s.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;

/** Follows the pods of the bench namespace by watch and knows when something became true. */
final class PodFollower implements AutoCloseable {
  private final Map<String, Pod> pods = new HashMap<>();
  private final Watch<Pod> watch;

  PodFollower(Cluster cluster) {
    ListOptions options = ListOptions.in(Objects.NAMESPACE);
    ObjectList<Pod> list = cluster.api().list(Resources.PODS, options);
    list.items().forEach(pod -> pods.put(pod.metadata().name(), pod));
    watch = cluster.api().watch(Resources.PODS, options.at(list.resourceVersion()), 3600);
    Thread.ofVirtual().name("follower").start(this::follow);
  }

  private void follow() {
    for (WatchEvent<Pod> event = watch.next(); event != null; event = watch.next()) {
      synchronized (pods) {
        switch (event) {
          case WatchEvent.Changed<Pod> changed ->
              pods.put(changed.object().metadata().name(), changed.object());
          case WatchEvent.Deleted<Pod> deleted -> pods.remove(deleted.object().metadata().name());
          case WatchEvent.Bookmark<Pod> _ -> {}
        }
        pods.notifyAll();
      }
    }
  }

  /**
   * Waits until the pods satisfy the condition.
   *
   * @return {@link System#nanoTime} at that moment
   * @throws IOException naming {@code what} when it does not come true in time
   */
  long await(String what, Duration limit, Predicate<Map<String, Pod>> condition)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (pods) {
      try {
        while (!condition.test(pods)) {
          long left = end - System.nanoTime();
          if (left <= 0) {
            throw new IOException("waited " + limit.toSeconds() + " s in vain for " + what);
          }
          TimeUnit.NANOSECONDS.timedWait(pods, left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
      return System.nanoTime();
    }
  }

  /** What the pods tell now. */
  <T> T read(Function<Map<String, Pod>, T> question) {
    synchronized (pods) {
      return question.apply(pods);
    }
  }

  /** How many pods of the app run. */
  static long running(Map<String, Pod> pods, String app) {
    return pods.values().stream()
        .filter(pod -> app.equals(pod.metadata().labels().get("app")))
        .filter(pod -> pod.active() && pod.status().phase().equals("Running") && pod.ready())
        .count();
  }

  /** How many pods of the app there are, in any state. */
  static long present(Map<String, Pod> pods, String app) {
    return pods.values().stream()
        .filter(pod -> app.equals(pod.metadata().labels().get("app")))
        .count();
  }

  @Override
  public void close() {
    watch.close();
  }
}
