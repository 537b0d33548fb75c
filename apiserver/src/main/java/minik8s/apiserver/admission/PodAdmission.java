package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What pods get from other objects: a service account, a priority, patience with failing nodes.
 * Thread-safe.
 *
 * <p>Source: Kubernetes' admission plug-ins ServiceAccount, Priority and DefaultTolerationSeconds.
 */
final class PodAdmission {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int PATIENCE_SECONDS = 300;
  private static final Map<String, Integer> SYSTEM_CLASSES =
      Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);
  private static final String SCHEDULING = "scheduling.k8s.io";

  private final Lookup lookup;

  PodAdmission(Lookup lookup) {
    this.lookup = lookup;
  }

  void create(ObjectNode pod) {
    ObjectNode spec = object(pod, "spec");
    if (spec == null) {
      return;
    }
    serviceAccount(pod, spec);
    priority(pod, spec);
    patience(spec);
  }

  /** What a client that does not know these fields would take away. */
  static void update(ObjectNode pod, ObjectNode old) {
    ObjectNode spec = object(pod, "spec");
    if (spec == null) {
      return;
    }
    JsonNode before = old.path("spec");
    for (String field :
        List.of(
            "priority", "preemptionPolicy", "serviceAccountName", "serviceAccount", "nodeName")) {
      if (Docs.blank(spec, field)) {
        Docs.copy(spec, before, field);
      }
    }
  }

  private void serviceAccount(ObjectNode pod, ObjectNode spec) {
    JsonNode meta = pod.path("metadata");
    if (meta.path("annotations").has("kubernetes.io/config.mirror")) {
      return;
    }
    boolean unnamed = text(spec, "serviceAccountName").isEmpty();
    if (unnamed) {
      spec.put("serviceAccountName", "default").put("serviceAccount", "default");
    }
    String name = text(spec, "serviceAccountName");
    String namespace = text(meta, "namespace");
    Optional<JsonNode> account = lookup.get("", "serviceaccounts", namespace, name);
    if (account.isEmpty()) {
      if (unnamed) {
        return;
      }
      throw forbidden(
          pod,
          "error looking up service account %s/%s: serviceaccount \"%s\" not found"
              .formatted(namespace, name, name));
    }
    JsonNode secrets = account.get().path("imagePullSecrets");
    if (Docs.isEmptyList(spec, "imagePullSecrets") && !secrets.isEmpty()) {
      spec.set("imagePullSecrets", secrets.deepCopy());
    }
    if (mountsToken(spec, account.get())) {
      ServiceAccountVolume.add(spec, suffix());
    }
  }

  private static boolean mountsToken(ObjectNode spec, JsonNode account) {
    JsonNode own = spec.get("automountServiceAccountToken");
    JsonNode wish =
        own == null || own.isNull() ? account.path("automountServiceAccountToken") : own;
    return wish.asBoolean(true);
  }

  private static String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
    }
    return suffix.toString();
  }

  private void priority(ObjectNode pod, ObjectNode spec) {
    String name = text(spec, "priorityClassName");
    Optional<JsonNode> found = name.isEmpty() ? globalDefault() : priorityClass(name);
    int priority = 0;
    String preemption = "PreemptLowerPriority";
    if (found.isPresent()) {
      priority = found.get().path("value").asInt(0);
      String own = text(found.get(), "preemptionPolicy");
      preemption = own.isEmpty() ? preemption : own;
      spec.put("priorityClassName", text(found.get().path("metadata"), "name"));
    } else if (SYSTEM_CLASSES.containsKey(name)) {
      priority = SYSTEM_CLASSES.getOrDefault(name, 0);
    } else if (!name.isEmpty()) {
      throw forbidden(pod, "no PriorityClass with name " + name + " was found");
    }
    JsonNode given = spec.get("priority");
    if (given != null && given.isNumber() && given.asInt(0) != priority) {
      throw forbidden(
          pod,
          "the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name"
              .formatted(given.asInt(0), priority));
    }
    spec.put("priority", priority);
    fill(spec, "preemptionPolicy", preemption);
  }

  private Optional<JsonNode> priorityClass(String name) {
    return lookup.get(SCHEDULING, "priorityclasses", "", name);
  }

  /** Of several default classes the lowest counts. */
  private Optional<JsonNode> globalDefault() {
    return lookup.list(SCHEDULING, "priorityclasses", "").stream()
        .filter(c -> Docs.isTrue(c, "globalDefault"))
        .min(java.util.Comparator.comparingInt(c -> c.path("value").asInt(0)));
  }

  private static void patience(ObjectNode spec) {
    for (String key : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
      if (objects(spec, "tolerations").stream().noneMatch(t -> tolerates(t, key))) {
        Docs.ensureList(spec, "tolerations")
            .addObject()
            .put("key", key)
            .put("operator", "Exists")
            .put("effect", "NoExecute")
            .put("tolerationSeconds", PATIENCE_SECONDS);
      }
    }
  }

  private static boolean tolerates(ObjectNode toleration, String key) {
    String own = text(toleration, "key");
    String effect = text(toleration, "effect");
    return (own.isEmpty() || own.equals(key)) && (effect.isEmpty() || effect.equals("NoExecute"));
  }

  private static ApiException forbidden(ObjectNode pod, String why) {
    String name = text(pod.path("metadata"), "name");
    return Failure.forbidden("", "pods", name, "pods \"" + name + "\" is forbidden: " + why)
        .asException();
  }
}
