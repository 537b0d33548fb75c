package minik8s.apiserver.admission;

import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules that depend on other objects: service accounts, priority classes, default storage and
 * ingress classes, the range of service addresses. Thread-safe.
 */
public final class Admission {
  private static final String DEFAULT_STORAGE = "storageclass.kubernetes.io/is-default-class";
  private static final String DEFAULT_INGRESS = "ingressclass.kubernetes.io/is-default-class";
  private static final String OLD_INGRESS_CLASS = "kubernetes.io/ingress.class";

  private final Lookup lookup;
  private final PodAdmission pods;
  private final LimitRanges limits;
  private final AddressBlock serviceRange;

  /**
   * @param lookup reads the objects that rules depend on
   * @param serviceRange the addresses of services, such as {@code 10.96.0.0/16}
   */
  public Admission(Lookup lookup, String serviceRange) {
    this.lookup = lookup;
    this.pods = new PodAdmission(lookup);
    this.limits = new LimitRanges(lookup);
    this.serviceRange = AddressBlock.parse(serviceRange);
  }

  /**
   * Completes a new document in place; its name and uid are set.
   *
   * @throws ApiException when another object forbids it
   */
  public void admitCreate(Kind kind, ObjectNode doc) {
    switch (key(kind)) {
      case "/pods" -> {
        pods.create(doc);
        limits.pod(doc);
      }
      case "/namespaces" -> SimpleRules.labelNamespace(doc);
      case "/persistentvolumeclaims" -> {
        defaultStorageClass(doc);
        protect(doc, "kubernetes.io/pvc-protection");
        limits.claim(doc);
      }
      case "/persistentvolumes" -> protect(doc, "kubernetes.io/pv-protection");
      case "/services" -> requireInRange(doc);
      case "batch/jobs" -> JobRules.selectOwnPods(doc);
      case "networking.k8s.io/ingresses" -> defaultIngressClass(doc);
      default -> {}
    }
  }

  /**
   * Completes a changed document in place.
   *
   * @throws ApiException when another object forbids it
   */
  public void admitUpdate(Kind kind, ObjectNode doc, ObjectNode old) {
    switch (key(kind)) {
      case "/pods" -> PodAdmission.update(doc, old);
      case "/services" -> requireInRange(doc);
      default -> {}
    }
  }

  private static String key(Kind kind) {
    return kind.custom() ? "" : kind.group() + "/" + kind.plural();
  }

  /** Keeps an object from going while it is in use. Source: StorageObjectInUseProtection. */
  private static void protect(ObjectNode doc, String finalizer) {
    ArrayNode finalizers = Docs.ensureList(Docs.ensure(doc, "metadata"), "finalizers");
    if (finalizers.valueStream().noneMatch(each -> each.asString("").equals(finalizer))) {
      finalizers.add(finalizer);
    }
  }

  private void defaultStorageClass(ObjectNode claim) {
    ObjectNode spec = Docs.object(claim, "spec");
    if (spec == null || Docs.present(spec, "storageClassName")) {
      return;
    }
    String name = defaultOf("storage.k8s.io", "storageclasses", DEFAULT_STORAGE);
    if (!name.isEmpty()) {
      spec.put("storageClassName", name);
    }
  }

  private void defaultIngressClass(ObjectNode ingress) {
    ObjectNode spec = Docs.object(ingress, "spec");
    if (spec == null) {
      return;
    }
    boolean named =
        Docs.present(spec, "ingressClassName")
            || ingress.path("metadata").path("annotations").has(OLD_INGRESS_CLASS);
    if (!named) {
      String name = defaultOf("networking.k8s.io", "ingressclasses", DEFAULT_INGRESS);
      if (!name.isEmpty()) {
        spec.put("ingressClassName", name);
      }
    }
  }

  /** The newest class that is marked as the default one; empty when none is. */
  private String defaultOf(String group, String plural, String annotation) {
    String name = "";
    String newest = "";
    for (JsonNode each : lookup.list(group, plural, "")) {
      JsonNode meta = each.path("metadata");
      String created = Docs.text(meta, "creationTimestamp");
      if (Docs.text(meta.path("annotations"), annotation).equals("true")
          && created.compareTo(newest) >= 0) {
        newest = created;
        name = Docs.text(meta, "name");
      }
    }
    return name;
  }

  private void requireInRange(ObjectNode service) {
    JsonNode spec = service.path("spec");
    String address = Docs.text(spec, "clusterIP");
    boolean given = !address.isEmpty() && !address.equals("None");
    if (given && Addresses.isVersion4(address) && !serviceRange.contains(address)) {
      FieldError error =
          FieldError.invalid(
              Path.SPEC.child("clusterIPs"),
              service.arrayNode().add(address),
              "failed to allocate IP %s: the provided IP (%s) is not in the valid range. The range of valid IPs is %s"
                  .formatted(address, address, serviceRange));
      throw Failure.invalid(
              "",
              "Service",
              Docs.text(service.path("metadata"), "name"),
              java.util.List.of(error.cause()))
          .asException();
    }
  }
}
