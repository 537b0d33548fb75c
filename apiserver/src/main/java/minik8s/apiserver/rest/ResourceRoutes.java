package minik8s.apiserver.rest;

import java.io.IOException;
import minik8s.api.Failure;
import minik8s.apiserver.authn.TokenRequests;
import minik8s.apiserver.authz.Reviews;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.kinds.ScalePaths;
import minik8s.apiserver.registry.ObjectWriter;
import minik8s.apiserver.registry.Registry;
import minik8s.apiserver.schema.Gvk;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Leads a request to a resource to its verb. Thread-safe. */
final class ResourceRoutes {
  private final KindTable kinds;
  private final Registry registry;
  private final Reads reads;
  private final Writes writes;
  private final Reviews reviews;
  private final @Nullable TokenRequests tokens;
  private final NodeProxy proxy;
  private final MetricsRoutes metrics;

  ResourceRoutes(
      KindTable kinds,
      Registry registry,
      Reads reads,
      Writes writes,
      Reviews reviews,
      @Nullable TokenRequests tokens,
      NodeProxy proxy,
      MetricsRoutes metrics) {
    this.kinds = kinds;
    this.registry = registry;
    this.reads = reads;
    this.writes = writes;
    this.reviews = reviews;
    this.tokens = tokens;
    this.proxy = proxy;
    this.metrics = metrics;
  }

  void serve(Exchange exchange) throws IOException {
    RequestInfo info = exchange.info();
    Kind kind =
        kinds
            .find(info.group(), info.version(), info.resource())
            .orElseThrow(() -> Failure.noSuchResource().asException());
    boolean misplaced =
        kind.namespaced()
            ? info.namespace().isEmpty() && !info.name().isEmpty()
            : !info.namespace().isEmpty() && !info.resource().equals("namespaces");
    if (misplaced) {
      throw Failure.noSuchResource().asException();
    }
    if (kind.group().equals(MetricsRoutes.GROUP)) {
      metrics.serve(exchange, kind);
    } else if (!info.subresource().isEmpty()) {
      subresource(exchange, kind);
    } else if (kind.virtual()) {
      review(exchange, kind);
    } else {
      main(exchange, kind);
    }
  }

  private void main(Exchange exchange, Kind kind) throws IOException {
    String verb = exchange.info().verb();
    boolean collectionVerb = verb.equals("create") || verb.equals("deletecollection");
    boolean fits = !verb.equals("create") || exchange.info().name().isEmpty();
    boolean placed =
        !collectionVerb || !kind.namespaced() || !exchange.info().namespace().isEmpty();
    if (!kind.verbs().contains(verb) || !fits || !placed) {
      throw notAllowed();
    }
    switch (verb) {
      case "get" -> reads.get(exchange, kind);
      case "list" -> reads.list(exchange, kind);
      case "watch" -> reads.watch(exchange, kind);
      case "create" -> writes.create(exchange, kind);
      case "update" -> writes.update(exchange, kind, ObjectWriter.Part.MAIN);
      case "patch" -> writes.patch(exchange, kind, ObjectWriter.Part.MAIN);
      case "delete" -> writes.delete(exchange, kind);
      case "deletecollection" -> writes.deleteCollection(exchange, kind);
      default -> throw notAllowed();
    }
  }

  private void review(Exchange exchange, Kind kind) throws IOException {
    RequestInfo info = exchange.info();
    if (!info.verb().equals("create")) {
      throw notAllowed();
    }
    ObjectNode document = writes.body(exchange, Writes.gvk(kind)).document();
    if (kind.kind().equals("Binding")) {
      String name = document.path("metadata").path("name").asString("");
      bind(exchange, name, document);
      return;
    }
    ObjectNode answer = reviews.answer(kind, exchange.user(), info.namespace(), document);
    Answer.json(exchange.response(), 201, answer);
  }

  private void subresource(Exchange exchange, Kind kind) throws IOException {
    RequestInfo info = exchange.info();
    var found = kind.subresource(info.subresource());
    if (found == null) {
      throw Failure.noSuchResource().asException();
    }
    if (!found.verbs().contains(info.verb())) {
      throw notAllowed();
    }
    ScalePaths scale = kind.scale();
    switch (info.subresource()) {
      case "status" -> part(exchange, kind, ObjectWriter.Part.STATUS);
      case "ephemeralcontainers" -> part(exchange, kind, ObjectWriter.Part.EPHEMERAL);
      case "scale" -> {
        if (scale == null) {
          throw Failure.noSuchResource().asException();
        }
        writes.scale(exchange, kind, scale);
      }
      case "binding" ->
          bind(
              exchange,
              info.name(),
              writes.body(exchange, new Gvk("", "v1", "Binding")).document());
      case "eviction" -> evict(exchange, kind);
      case "finalize" -> {
        ObjectNode wished = writes.body(exchange, Writes.gvk(kind)).document();
        boolean dryRun = Writes.dryRun(exchange.query(), "UpdateOptions");
        var target = Writes.target(exchange, kind);
        var written = registry.subresources().finalizeNamespace(target, wished, dryRun);
        writes.answer(exchange, kind, written, 200, java.util.List.of());
      }
      case "token" -> token(exchange);
      case "log", "exec", "attach", "portforward", "proxy" -> proxy.serve(exchange, kind);
      default -> part(exchange, kind, ObjectWriter.Part.MAIN);
    }
  }

  private void part(Exchange exchange, Kind kind, ObjectWriter.Part part) throws IOException {
    switch (exchange.info().verb()) {
      case "get" -> reads.get(exchange, kind);
      case "update" -> writes.update(exchange, kind, part);
      case "patch" -> writes.patch(exchange, kind, part);
      default -> throw notAllowed();
    }
  }

  private void bind(Exchange exchange, String pod, ObjectNode binding) throws IOException {
    Kind pods = kinds.find("", "v1", "pods").orElseThrow();
    boolean dryRun = Writes.dryRun(exchange.query(), "CreateOptions");
    registry.subresources().bind(pods, exchange.info().namespace(), pod, binding, dryRun);
    Answer.json(exchange.response(), 201, Answer.success().put("code", 201));
  }

  private void evict(Exchange exchange, Kind kind) throws IOException {
    Kind budgets = kinds.find("policy", "v1", "poddisruptionbudgets").orElseThrow();
    ObjectNode eviction = writes.body(exchange, new Gvk("policy", "v1", "Eviction")).document();
    boolean dryRun = Writes.dryRun(exchange.query(), "CreateOptions");
    registry.subresources().evict(Writes.target(exchange, kind), budgets, eviction, dryRun);
    Answer.json(exchange.response(), 201, Answer.success().put("code", 201));
  }

  private void token(Exchange exchange) throws IOException {
    TokenRequests signer = tokens;
    if (signer == null) {
      throw Failure.noSuchResource().asException();
    }
    RequestInfo info = exchange.info();
    ObjectNode request =
        writes.body(exchange, new Gvk("authentication.k8s.io", "v1", "TokenRequest")).document();
    Answer.json(exchange.response(), 201, signer.answer(info.namespace(), info.name(), request));
  }

  private static RuntimeException notAllowed() {
    return Failure.of(
            Failure.Reason.MethodNotAllowed,
            "the server does not allow this method on the requested resource")
        .asException();
  }
}
