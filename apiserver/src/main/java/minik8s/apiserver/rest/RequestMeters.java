package minik8s.apiserver.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times requests under Kubernetes' names. Thread-safe. */
public final class RequestMeters {
  private record Key(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String scope,
      int code) {}

  private record Meters(Counter count, Timer duration) {}

  private final MeterRegistry registry;
  private final AtomicInteger watches = new AtomicInteger();
  private final Map<Key, Meters> known = new ConcurrentHashMap<>();

  /** Registers in {@code registry}. */
  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("apiserver_longrunning_requests", Tags.of("verb", "WATCH"), watches);
  }

  /** How many watches are held. */
  AtomicInteger watches() {
    return watches;
  }

  /** Tells of one answered request. */
  void served(RequestInfo info, int code, Duration duration) {
    Key key =
        new Key(
            info.verb().toUpperCase(Locale.ROOT),
            info.group(),
            info.version(),
            info.resource(),
            info.subresource(),
            info.scope(),
            code);
    // A refused path may be anything; only what is served becomes a label.
    Key bounded = code == 404 ? new Key(key.verb, "", "", "", "", "", code) : key;
    Meters meters = known.computeIfAbsent(bounded, this::register);
    meters.count.increment();
    if (!info.verb().equals("watch")) {
      meters.duration.record(duration);
    }
  }

  private Meters register(Key key) {
    Tags tags =
        Tags.of(
            "verb", key.verb,
            "group", key.group,
            "version", key.version,
            "resource", key.resource,
            "subresource", key.subresource,
            "scope", key.scope);
    return new Meters(
        Counter.builder("apiserver_request")
            .tags(tags.and("code", Integer.toString(key.code)))
            .register(registry),
        Timer.builder("apiserver_request_duration")
            .tags(tags)
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry));
  }
}
