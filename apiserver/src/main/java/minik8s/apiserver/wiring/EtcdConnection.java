package minik8s.apiserver.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.etcd.EtcdStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store and waits until etcd answers. Stateless. */
final class EtcdConnection {
  private static final Logger log = LoggerFactory.getLogger(EtcdConnection.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Some of the bounds of Kubernetes' metric of this name. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private EtcdConnection() {}

  /**
   * A store on an etcd that has answered once.
   *
   * @throws IllegalArgumentException when files are bad or etcd stays silent
   */
  static EtcdStore open(Settings settings, MeterRegistry meters) {
    EtcdStore store;
    try {
      store = EtcdStore.open(settings.etcdServers(), settings.etcdTls(), timings(meters));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot use the etcd certificates: " + e.getMessage(), e);
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        var _ = store.revision();
        return store;
      } catch (StoreException.Unavailable e) {
        if (System.nanoTime() > end) {
          store.close();
          throw new IllegalArgumentException(
              "etcd at %s does not answer: %s; start it or correct --etcd-servers and the etcd certificates"
                  .formatted(String.join(",", settings.etcdServers()), e.getMessage()),
              e);
        }
        log.info("waiting for etcd at {}: {}", settings.etcdServers(), e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static minik8s.apiserver.store.etcd.EtcdTimings timings(MeterRegistry meters) {
    Map<String, Timer> known = new ConcurrentHashMap<>();
    return (operation, duration) ->
        known
            .computeIfAbsent(
                operation,
                name ->
                    Timer.builder("etcd_request_duration")
                        .description("Etcd request latency in seconds for each operation")
                        .tag("operation", name)
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters))
            .record(duration);
  }
}
