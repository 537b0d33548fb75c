package minik8s.apiserver.wiring;

import minik8s.apiserver.membership.Membership;
import minik8s.apiserver.registry.CustomResourceLoop;
import minik8s.apiserver.watchcache.WatchCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The server's serial loops: they run, on what the store holds, before the first connection is
 * accepted.
 *
 * <p>Thread-safe.
 */
final class Loops implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Loops.class);

  private final WatchCache cache;
  private final Membership membership;
  private final CustomResourceLoop definitions;
  private volatile boolean running;

  Loops(WatchCache cache, Membership membership, CustomResourceLoop definitions) {
    this.cache = cache;
    this.membership = membership;
    this.definitions = definitions;
  }

  @Override
  public void start() {
    running = true;
    run("membership", () -> membership.step(cache));
    cache.load();
    run("watch-cache", cache::step);
    cache.awaitCurrent();
    definitions.begin();
    run(
        "custom-resources",
        () -> {
          definitions.step();
          return true;
        });
  }

  /** One pass of a serial loop; false ends it. */
  @FunctionalInterface
  private interface Step {
    boolean run() throws InterruptedException;
  }

  private void run(String name, Step step) {
    Thread.ofPlatform().name(name).daemon().start(() -> repeat(name, step));
  }

  private void repeat(String name, Step step) {
    boolean going = true;
    while (going && running) {
      try {
        going = step.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        log.error("a step of {} failed", name, e);
      }
    }
  }

  @Override
  public void stop() {
    running = false;
    membership.leave();
    cache.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server, which comes last. */
  @Override
  public int getPhase() {
    return 0;
  }
}
