package minik8s.apiserver.registry;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import minik8s.api.ApiException;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.kinds.Lookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates the objects that every cluster has, where they are missing. Stateless; several servers
 * may do it at once.
 */
public final class Bootstrap {
  private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

  private final KindTable kinds;
  private final Lookup lookup;
  private final Registry registry;

  /** Creates through {@code registry} what {@code lookup} does not show. */
  public Bootstrap(KindTable kinds, Lookup lookup, Registry registry) {
    this.kinds = kinds;
    this.lookup = lookup;
    this.registry = registry;
  }

  /** Makes sure of the namespaces, and then of {@code documents} in any order. */
  public void run(List<ObjectNode> documents) {
    for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      ensure(namespace(name));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      documents.forEach(document -> threads.execute(() -> ensureOrTell(document)));
    }
  }

  private void ensureOrTell(ObjectNode document) {
    try {
      ensure(document);
    } catch (RuntimeException e) {
      log.error("cannot create an initial object: {}", e.getMessage());
    }
  }

  private static ObjectNode namespace(String name) {
    ObjectNode document = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    document
        .putObject("metadata")
        .put("name", name)
        .putObject("labels")
        .put("kubernetes.io/metadata.name", name);
    return document;
  }

  /** The service through which pods reach the API, and its one endpoint. */
  public static List<ObjectNode> apiService(AddressRange range, String address, int port) {
    ObjectNode service = Json.object().put("apiVersion", "v1").put("kind", "Service");
    service
        .putObject("metadata")
        .put("name", "kubernetes")
        .put("namespace", "default")
        .putObject("labels")
        .put("component", "apiserver")
        .put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec").put("clusterIP", range.address(1));
    spec.putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", 443)
        .put("protocol", "TCP")
        .put("targetPort", port);
    ObjectNode endpoints = Json.object().put("apiVersion", "v1").put("kind", "Endpoints");
    endpoints.putObject("metadata").put("name", "kubernetes").put("namespace", "default");
    ObjectNode subset = endpoints.putArray("subsets").addObject();
    subset.putArray("addresses").addObject().put("ip", address);
    subset
        .putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", port)
        .put("protocol", "TCP");
    return List.of(service, endpoints, slice(address, port));
  }

  private static ObjectNode slice(String address, int port) {
    ObjectNode slice =
        Json.object().put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    slice
        .putObject("metadata")
        .put("name", "kubernetes")
        .put("namespace", "default")
        .putObject("labels")
        .put("kubernetes.io/service-name", "kubernetes");
    slice.put("addressType", "IPv4");
    ObjectNode endpoint = slice.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(address);
    endpoint.putObject("conditions").put("ready", true);
    slice
        .putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", port)
        .put("protocol", "TCP");
    return slice;
  }

  /**
   * The priority classes that pods of the cluster itself name. Source: {@code
   * scheduling.SystemPriorityClasses}.
   */
  public static List<ObjectNode> priorityClasses() {
    return List.of(
        priorityClass(
            "system-node-critical",
            2_000_001_000,
            "Used for system critical pods that must not be moved from their current node."),
        priorityClass(
            "system-cluster-critical",
            2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to"
                + " another node if necessary."));
  }

  private static ObjectNode priorityClass(String name, int value, String description) {
    ObjectNode document =
        Json.object().put("apiVersion", "scheduling.k8s.io/v1").put("kind", "PriorityClass");
    document.putObject("metadata").put("name", name);
    return document.put("value", value).put("description", description);
  }

  /** The class of claims that name none: folders on the node that the first pod is put on. */
  public static List<ObjectNode> storageClasses() {
    ObjectNode document =
        Json.object().put("apiVersion", "storage.k8s.io/v1").put("kind", "StorageClass");
    document
        .putObject("metadata")
        .put("name", "standard")
        .putObject("annotations")
        .put("storageclass.kubernetes.io/is-default-class", "true");
    document.put("provisioner", "minik8s.io/local-path").put("reclaimPolicy", "Delete");
    return List.of(document.put("volumeBindingMode", "WaitForFirstConsumer"));
  }

  private void ensure(ObjectNode document) {
    String apiVersion = document.path("apiVersion").asString("");
    Kind kind = kinds.findByKind(apiVersion, document.path("kind").asString("")).orElseThrow();
    String namespace = kind.namespaced() ? Documents.text(document, "namespace") : "";
    String name = Documents.name(document);
    if (lookup.get(kind.group(), kind.plural(), namespace, name).isPresent()) {
      return;
    }
    try {
      var _ = registry.writer().create(kind, namespace, document, false);
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
    }
  }
}
