package minik8s.apiserver.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.registry.ListQuery;
import minik8s.apiserver.registry.ObjectReader;
import minik8s.apiserver.registry.Selectors;
import minik8s.apiserver.registry.Target;
import minik8s.apiserver.watchcache.ExpiredException;
import org.jspecify.annotations.Nullable;

/** Get, list and watch over HTTP. Thread-safe. */
final class Reads {
  private static final byte[] EVENT_END = {'}', '\n'};

  private final KindTable kinds;
  private final ObjectReader reader;
  private final Renderer renderer;
  private final ListAnswer lists;
  private final BooleanSupplier stopping;
  private final RequestMeters meters;

  Reads(
      KindTable kinds,
      ObjectReader reader,
      Renderer renderer,
      BooleanSupplier stopping,
      RequestMeters meters) {
    this.kinds = kinds;
    this.reader = reader;
    this.renderer = renderer;
    this.lists = new ListAnswer(renderer);
    this.stopping = stopping;
    this.meters = meters;
  }

  void get(Exchange exchange, Kind kind) throws IOException {
    Form form = exchange.form();
    Target target = Writes.target(exchange, kind);
    Long revision = exchange.query().number("resourceVersion");
    byte[] body =
        renderer.object(kind, reader.get(kind, target.namespace(), target.name(), revision), form);
    Answer.bytes(exchange.response(), 200, form.contentType(), body);
  }

  void list(Exchange exchange, Kind kind) throws IOException {
    Form form = exchange.form();
    ListQuery query = query(exchange, kind);
    lists.write(exchange.response(), kind, reader.list(kind, query), form, exchange.takesGzip());
  }

  static ListQuery query(Exchange exchange, Kind kind) {
    Query query = exchange.query();
    Selectors.Selection selection =
        Selectors.parse(kind, query.text("labelSelector"), query.text("fieldSelector"));
    Long limit = query.number("limit");
    String continuation = query.text("continue");
    Long revision = query.number("resourceVersion");
    String match = query.text("resourceVersionMatch");
    if (!match.isEmpty() && !match.equals("Exact") && !match.equals("NotOlderThan")) {
      throw Failure.badRequest("resourceVersionMatch: Unsupported value: \"" + match + "\"")
          .asException();
    }
    boolean first = limit == null || limit == 0 || !continuation.isEmpty();
    boolean exact =
        match.equals("Exact") || (match.isEmpty() && !first && revision != null && revision > 0);
    return new ListQuery(
        kind.namespaced() ? exchange.info().namespace() : "",
        selection.matches(),
        selection.selective(),
        limit == null ? 0 : (int) Math.min(limit, Integer.MAX_VALUE),
        continuation.isEmpty() ? null : continuation,
        revision,
        exact);
  }

  void watch(Exchange exchange, Kind kind) throws IOException {
    Form form = exchange.form();
    WatchOptions options = WatchOptions.of(exchange.query());
    ListQuery query = query(exchange, kind);
    Opened opened = open(kind, options, query);
    if (WebSocketHandshake.wanted(exchange.request())) {
      WebSocketHandshake.accept(
          exchange.request(),
          exchange.response(),
          socket ->
              follow(
                  kind,
                  form,
                  query,
                  options,
                  opened,
                  socket,
                  () -> socket.ended() || stopping.getAsBoolean()));
      return;
    }
    begin(exchange.response());
    follow(kind, form, query, options, opened, sink(exchange.response()), stopping);
  }

  /** A watch that can begin, or why it cannot. */
  private record Opened(ObjectReader.@Nullable WatchStart start, String expired) {}

  private Opened open(Kind kind, WatchOptions options, ListQuery query) {
    try {
      return new Opened(start(kind, options, query), "");
    } catch (ExpiredException e) {
      return new Opened(null, String.valueOf(e.getMessage()));
    }
  }

  private void follow(
      Kind kind,
      Form form,
      ListQuery query,
      WatchOptions options,
      Opened opened,
      WatchSink sink,
      BooleanSupplier stopped)
      throws IOException {
    RequestMeters.Watches watches = meters.watches(kind);
    WatchStream stream = new WatchStream(kind, form, renderer, sink, query.selector(), watches);
    ObjectReader.WatchStart start = opened.start();
    if (start == null) {
      stream.error(Failure.expired(opened.expired()));
      return;
    }
    watches.open().incrementAndGet();
    try {
      stream.run(start, query.namespace(), options, () -> stopped.getAsBoolean() || !served(kind));
    } finally {
      watches.open().decrementAndGet();
    }
  }

  private boolean served(Kind kind) {
    return kinds.find(kind.group(), kind.version(), kind.plural()).isPresent();
  }

  private ObjectReader.WatchStart start(Kind kind, WatchOptions options, ListQuery query) {
    Long revision = options.revision();
    return options.beginsWithObjects() || revision == null
        ? reader.watchFromNow(kind, query)
        : reader.watchFrom(kind, revision);
  }

  private static void begin(HttpServletResponse response) throws IOException {
    response.setStatus(200);
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-cache, private");
    response.flushBuffer();
  }

  private static WatchSink sink(HttpServletResponse response) throws IOException {
    OutputStream out = response.getOutputStream();
    return new WatchSink() {
      @Override
      public void event(byte[] prefix, byte[] object) throws IOException {
        out.write(prefix);
        out.write(object);
        out.write(EVENT_END);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }
    };
  }
}
