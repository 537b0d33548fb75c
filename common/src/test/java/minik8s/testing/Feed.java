package minik8s.testing;

import minik8s.api.KubeObject;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import minik8s.client.informer.Informer;

/**
 * Feeds an informer from an API without threads: {@link #catchUp} brings it to now, and until then
 * it stays as stale as the test wants it. Confined to the test's thread.
 */
public final class Feed<T extends KubeObject> {
  private final Api api;
  private final Informer<T> informer;

  public Feed(Api api, Informer<T> informer) {
    this.api = api;
    this.informer = informer;
    catchUp();
  }

  /** Brings the informer to the API's present state, deletions included. */
  public void catchUp() {
    informer.replace(api.list(informer.resource(), ListOptions.ALL));
  }

  /** Shows the informer one event by hand. */
  public void apply(WatchEvent<T> event) {
    informer.apply(event);
  }

  /** Feeds from a watch until it ends; for tests that do want a thread. */
  public void follow(Watch<T> watch) {
    for (WatchEvent<T> event = watch.next(); event != null; event = watch.next()) {
      informer.apply(event);
    }
  }
}
