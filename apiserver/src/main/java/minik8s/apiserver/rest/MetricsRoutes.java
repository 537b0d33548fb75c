package minik8s.apiserver.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.metrics.MetricsDocuments;
import minik8s.apiserver.registry.Listing;
import minik8s.apiserver.registry.ObjectReader;
import minik8s.apiserver.watchcache.CachedObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code metrics.k8s.io}: get and list of what nodes and pods use, selected as nodes and pods are.
 * Thread-safe.
 */
final class MetricsRoutes {
  /** The group that is computed and never stored. */
  static final String GROUP = "metrics.k8s.io";

  private final KindTable kinds;
  private final ObjectReader reader;
  private final Renderer renderer;
  private final MetricsDocuments documents;

  MetricsRoutes(
      KindTable kinds, ObjectReader reader, Renderer renderer, MetricsDocuments documents) {
    this.kinds = kinds;
    this.reader = reader;
    this.renderer = renderer;
    this.documents = documents;
  }

  void serve(Exchange exchange, Kind kind) throws IOException {
    RequestInfo info = exchange.info();
    if (!kind.verbs().contains(info.verb())) {
      throw Failure.of(
              Failure.Reason.MethodNotAllowed,
              "the server does not allow this method on the requested resource")
          .asException();
    }
    Kind measured = kinds.find("", "v1", kind.plural()).orElseThrow();
    try {
      if (info.verb().equals("get")) {
        get(exchange, kind, measured);
      } else {
        list(exchange, kind, measured);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("the server is stopping").asException();
    }
  }

  private void get(Exchange exchange, Kind kind, Kind measured)
      throws IOException, InterruptedException {
    RequestInfo info = exchange.info();
    CachedObject object = reader.get(measured, info.namespace(), info.name(), 0L);
    List<ObjectNode> found = measure(kind, List.of(object));
    if (found.isEmpty()) {
      throw Failure.notFound(GROUP, kind.plural(), info.name()).asException();
    }
    Form form = exchange.form();
    byte[] body = renderer.object(kind, found.getFirst(), form);
    Answer.bytes(exchange.response(), 200, form.contentType(), body);
  }

  private void list(Exchange exchange, Kind kind, Kind measured)
      throws IOException, InterruptedException {
    Listing listing = reader.list(measured, Reads.query(exchange, measured));
    List<CachedObject> rows = new ArrayList<>();
    for (ObjectNode document : measure(kind, listing.objects())) {
      String namespace = document.path("metadata").path("namespace").asString("");
      String name = document.path("metadata").path("name").asString("");
      String relative = namespace.isEmpty() ? name : namespace + "/" + name;
      rows.add(CachedObject.of(relative, Json.bytes(document), listing.revision()));
    }
    Listing answer =
        new Listing(rows, listing.revision(), listing.continuation(), listing.remaining());
    new ListAnswer(renderer)
        .write(exchange.response(), kind, answer, exchange.form(), exchange.takesGzip());
  }

  private List<ObjectNode> measure(Kind kind, List<CachedObject> objects)
      throws InterruptedException {
    List<ObjectNode> trees = objects.stream().map(CachedObject::tree).toList();
    return kind.plural().equals("nodes") ? documents.nodes(trees) : documents.pods(trees);
  }
}
