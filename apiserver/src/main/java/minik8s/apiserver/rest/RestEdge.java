package minik8s.apiserver.rest;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;
import minik8s.apiserver.authn.Authenticator;
import minik8s.apiserver.authn.TokenRequests;
import minik8s.apiserver.authz.Authorizer;
import minik8s.apiserver.authz.Reviews;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.metrics.MetricsDocuments;
import minik8s.apiserver.metrics.MetricsSampler;
import minik8s.apiserver.proxy.KubeletProxy;
import minik8s.apiserver.registry.Registry;
import minik8s.apiserver.schema.Decoder;
import minik8s.apiserver.schema.OpenApi;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.table.Tables;
import minik8s.daemon.Metrics;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Everything that the HTTP edge is made of. Immutable. */
public record RestEdge(
    KindTable kinds,
    Schemas schemas,
    Decoder decoder,
    OpenApi openApi,
    Tables tables,
    Registry registry,
    Authenticator authenticator,
    Authorizer authorizer,
    Reviews reviews,
    @Nullable TokenRequests tokens,
    @Nullable KubeletProxy kubelets,
    Metrics metrics,
    Map<String, BooleanSupplier> readiness,
    ObjectNode version,
    BooleanSupplier stopping,
    InstantSource clock,
    MetricsSampler.Pause pause) {

  /** Puts the routes together. */
  public ApiHandler handler() {
    RequestMeters meters = new RequestMeters(metrics.registry());
    Renderer renderer = new Renderer(new TableForm(tables, clock));
    Writes writes = new Writes(registry, schemas, decoder, renderer);
    Reads reads = new Reads(kinds, registry.reader(), renderer, stopping, meters);
    NodeProxy proxy = new KubeletRoutes(kinds, registry.reader(), kubelets);
    MetricsSampler sampler = new MetricsSampler(this::metricsOf, clock, pause);
    MetricsRoutes measured =
        new MetricsRoutes(kinds, registry.reader(), renderer, new MetricsDocuments(sampler));
    ResourceRoutes routes =
        new ResourceRoutes(kinds, registry, reads, writes, reviews, tokens, proxy, measured);
    return new ApiHandler(
        authenticator,
        authorizer,
        new HealthRoutes(readiness),
        new DocumentRoutes(kinds, openApi, metrics, version),
        routes,
        meters);
  }

  /** What a node's kubelet tells of its containers. */
  private String metricsOf(String node) throws IOException {
    KubeletProxy proxy = kubelets;
    if (proxy == null) {
      throw new IOException("kubelets are not reached without a client certificate for them");
    }
    Kind nodes = kinds.find("", "v1", "nodes").orElseThrow();
    return proxy.read(
        KubeletRoutes.place(registry.reader().get(nodes, "", node, 0L).tree()),
        "/metrics/resource");
  }
}
