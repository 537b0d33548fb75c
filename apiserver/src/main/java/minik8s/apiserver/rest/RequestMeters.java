package minik8s.apiserver.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.apiserver.kinds.Kind;

/**
 * Counts and times requests and watches under Kubernetes' names. Thread-safe. Its series are
 * bounded by the kinds that are served, never by who asks for what.
 */
public final class RequestMeters {
  private static final Set<String> READING = Set.of("get", "list", "watch", "head");

  /** Those of Kubernetes' bounds that its usual dashboards and alerts read. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(400),
    Duration.ofMillis(600),
    Duration.ofMillis(800),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60)
  };

  private record Key(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String scope,
      int code) {}

  private record Meters(Counter count, Timer duration) {}

  /** What watches of one kind add up to. */
  record Watches(AtomicInteger open, Counter events, DistributionSummary sizes) {
    /** One event was written. */
    void told(int bytes) {
      events.increment();
      sizes.record(bytes);
    }
  }

  private final MeterRegistry registry;
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicInteger writing = new AtomicInteger();
  private final Map<Key, Meters> known = new ConcurrentHashMap<>();
  private final Map<String, Watches> watches = new ConcurrentHashMap<>();

  /** Registers in {@code registry}. */
  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
    inflight("readOnly", reading);
    inflight("mutating", writing);
  }

  private void inflight(String kind, AtomicInteger count) {
    Gauge.builder("apiserver_current_inflight_requests", count, AtomicInteger::get)
        .description("Requests that are being answered, watches apart")
        .tag("request_kind", kind)
        .register(registry);
  }

  /** The meters of one kind's watches. */
  Watches watches(Kind kind) {
    return watches.computeIfAbsent(
        kind.group() + "/" + kind.version() + "/" + kind.plural(), _ -> register(kind));
  }

  private Watches register(Kind kind) {
    AtomicInteger open = new AtomicInteger();
    Tags tags =
        Tags.of("group", kind.group(), "version", kind.version(), "resource", kind.plural());
    Gauge.builder("apiserver_longrunning_requests", open, AtomicInteger::get)
        .description("Watches that are held")
        .tags(tags.and("verb", "WATCH", "component", "apiserver"))
        .register(registry);
    Tags told = Tags.of("group", kind.group(), "version", kind.version(), "kind", kind.kind());
    return new Watches(
        open,
        Counter.builder("apiserver_watch_events")
            .description("Events that were sent to watchers")
            .tags(told)
            .register(registry),
        DistributionSummary.builder("apiserver_watch_events_sizes")
            .description("Size of events that were sent to watchers, in bytes")
            .serviceLevelObjectives(1024, 8192, 65_536)
            .tags(told)
            .register(registry));
  }

  /** A request begins; the answer must be given to {@link #ends}. */
  AtomicInteger begins(RequestInfo info) {
    AtomicInteger count = READING.contains(info.verb()) ? reading : writing;
    if (!info.verb().equals("watch")) {
      count.incrementAndGet();
    }
    return count;
  }

  /** A request that began has ended. */
  void ends(RequestInfo info, AtomicInteger count) {
    if (!info.verb().equals("watch")) {
      count.decrementAndGet();
    }
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
            "scope", key.scope,
            "component", "apiserver");
    return new Meters(
        Counter.builder("apiserver_request")
            .description("Requests by what was asked and how it was answered")
            .tags(tags.and("code", Integer.toString(key.code)))
            .register(registry),
        Timer.builder("apiserver_request_duration")
            .description("Time from a request to the end of its answer, watches apart")
            .tags(tags)
            .serviceLevelObjectives(BUCKETS)
            .register(registry));
  }
}
