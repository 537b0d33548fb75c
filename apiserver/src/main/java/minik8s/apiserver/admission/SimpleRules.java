package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of configuration, namespaces, nodes and other small kinds. Stateless. */
final class SimpleRules {
  private static final int DATA_LIMIT = 1024 * 1024;

  private SimpleRules() {}

  static void addTo(Map<String, Rules> rules) {
    rules.put("v1/configmaps", new ConfigMapRules());
    rules.put("v1/secrets", new SecretRules());
    rules.put("v1/namespaces", new NamespaceRules());
    rules.put("v1/nodes", new NodeRules());
    rules.put("v1/serviceaccounts", new Rules() {});
    rules.put("coordination.k8s.io/v1/leases", new LeaseRules());
    rules.put("scheduling.k8s.io/v1/priorityclasses", new PriorityClassRules());
    rules.put("v1/events", new EventRules());
    rules.put("v1/limitranges", new LimitRangeRules());
    rules.put("v1/resourcequotas", new QuotaRules());
  }

  /** Every namespace carries its name as a label. */
  static void labelNamespace(ObjectNode doc) {
    ObjectNode meta = ensure(doc, "metadata");
    String name = text(meta, "name");
    if (!name.isEmpty()) {
      ensure(meta, "labels").put("kubernetes.io/metadata.name", name);
    }
  }

  /** Keys of data and binary data, and their sizes; values of the latter are base64. */
  private static void data(
      ObjectNode doc, List<String> plain, List<String> encoded, List<FieldError> errors) {
    long size = 0;
    for (String field : plain) {
      for (Map.Entry<String, JsonNode> entry : doc.path(field).properties()) {
        key(field, entry.getKey(), errors);
        size += entry.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
      }
    }
    for (String field : encoded) {
      for (Map.Entry<String, JsonNode> entry : doc.path(field).properties()) {
        key(field, entry.getKey(), errors);
        String text = entry.getValue().asString("");
        size += text.length() / 4 * 3L;
      }
    }
    if (size > DATA_LIMIT) {
      Path path = plain.isEmpty() ? Path.ROOT.child("data") : Path.ROOT;
      errors.add(FieldError.tooLong(path, DATA_LIMIT));
    }
  }

  private static void key(String field, String key, List<FieldError> errors) {
    Check.name(key, KeyNames::config, Path.ROOT.child(field).key(key), errors);
  }

  private static void frozen(
      ObjectNode doc, ObjectNode old, List<String> fields, List<FieldError> errors) {
    if (!Docs.isTrue(old, "immutable")) {
      return;
    }
    if (!Docs.isTrue(doc, "immutable")) {
      errors.add(
          FieldError.forbidden(
              Path.ROOT.child("immutable"), "field is immutable when `immutable` is set"));
    }
    for (String field : fields) {
      if (!Docs.same(doc, old, field)) {
        errors.add(
            FieldError.forbidden(
                Path.ROOT.child(field), "field is immutable when `immutable` is set"));
      }
    }
  }

  private static final class ConfigMapRules implements Rules {
    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      data(doc, List.of("data"), List.of("binaryData"), errors);
      for (String key : doc.path("data").propertyNames()) {
        if (doc.path("binaryData").has(key)) {
          errors.add(
              FieldError.invalid(
                  Path.ROOT.child("data").key(key), key, "duplicate of key present in binaryData"));
        }
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      frozen(doc, old, List.of("data", "binaryData"), errors);
    }
  }

  private static final class SecretRules implements Rules {
    /** Type to the keys that must be there. */
    private static final Map<String, List<String>> REQUIRED =
        Map.of(
            "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
            "kubernetes.io/dockercfg", List.of(".dockercfg"),
            "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
            "kubernetes.io/tls", List.of("tls.crt", "tls.key"));

    @Override
    public void defaults(ObjectNode doc) {
      fill(doc, "type", "Opaque");
      ObjectNode written = object(doc, "stringData");
      if (written != null) {
        ObjectNode data = ensure(doc, "data");
        for (Map.Entry<String, JsonNode> entry : written.properties()) {
          byte[] bytes = entry.getValue().asString("").getBytes(StandardCharsets.UTF_8);
          data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
        }
      }
      doc.remove("stringData");
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      data(doc, List.of(), List.of("data"), errors);
      for (String key : REQUIRED.getOrDefault(text(doc, "type"), List.of())) {
        if (Docs.absent(doc.path("data"), key)) {
          errors.add(FieldError.required(Path.ROOT.child("data").key(key)));
        }
      }
      if (text(doc, "type").equals("kubernetes.io/service-account-token")
          && text(doc.path("metadata").path("annotations"), "kubernetes.io/service-account.name")
              .isEmpty()) {
        errors.add(
            FieldError.required(
                Path.METADATA.child("annotations").key("kubernetes.io/service-account.name")));
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      Check.immutable(doc, old, "type", Path.ROOT, errors);
      frozen(doc, old, List.of("data"), errors);
    }
  }

  private static final class NamespaceRules implements Rules {
    @Override
    public NameRule names() {
      return Names::label;
    }

    @Override
    public void defaults(ObjectNode doc) {
      labelNamespace(doc);
    }

    @Override
    public void create(ObjectNode doc) {
      ObjectNode spec = ensure(doc, "spec");
      boolean held =
          spec.path("finalizers").valueStream().anyMatch(f -> f.asString("").equals("kubernetes"));
      if (!held) {
        Docs.ensureList(spec, "finalizers").add("kubernetes");
      }
      doc.putObject("status").put("phase", "Active");
    }

    @Override
    public void update(ObjectNode doc, ObjectNode old) {
      Docs.copy(ensure(doc, "spec"), old.path("spec"), "finalizers");
    }
  }

  private static final class NodeRules implements Rules {
    @Override
    public boolean keepsStatusOnCreate() {
      return true;
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      int index = 0;
      for (ObjectNode taint : objects(doc.path("spec"), "taints")) {
        Path at = Path.SPEC.child("taints").index(index++);
        Check.requiredName(taint, "key", Names::qualifiedName, at, errors);
        if (Docs.blank(taint, "effect")) {
          errors.add(FieldError.required(at.child("effect")));
        }
        Check.oneOf(
            taint, "effect", at, Set.of("NoSchedule", "PreferNoSchedule", "NoExecute"), errors);
        Check.name(text(taint, "value"), Names::labelValue, at.child("value"), errors);
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      String id = text(old.path("spec"), "providerID");
      if (!id.isEmpty() && !id.equals(text(doc.path("spec"), "providerID"))) {
        errors.add(
            FieldError.forbidden(
                Path.SPEC.child("providerID"),
                "node updates may not change providerID except from \"\" to valid"));
      }
    }
  }

  private static final class LeaseRules implements Rules {
    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      for (String field : List.of("leaseDurationSeconds", "leaseTransitions")) {
        JsonNode value = spec.get(field);
        boolean duration = field.startsWith("leaseD");
        if (value != null && value.isNumber() && value.longValue() < (duration ? 1 : 0)) {
          errors.add(
              FieldError.invalid(
                  Path.SPEC.child(field),
                  value.longValue(),
                  duration ? "must be greater than 0" : Check.NOT_NEGATIVE));
        }
      }
    }
  }

  private static final class PriorityClassRules implements Rules {
    private static final int HIGHEST_OF_USERS = 1_000_000_000;

    @Override
    public void defaults(ObjectNode doc) {
      fill(doc, "preemptionPolicy", "PreemptLowerPriority");
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      String name = text(doc.path("metadata"), "name");
      if (!name.startsWith("system-") && doc.path("value").asLong(0) > HIGHEST_OF_USERS) {
        errors.add(
            FieldError.forbidden(
                Path.ROOT.child("value"),
                "maximum allowed value of a user defined priority is " + HIGHEST_OF_USERS));
      }
      Check.oneOf(
          doc, "preemptionPolicy", Path.ROOT, Set.of("Never", "PreemptLowerPriority"), errors);
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      if (doc.path("value").asLong(0) != old.path("value").asLong(0)) {
        errors.add(
            FieldError.forbidden(Path.ROOT.child("value"), "may not be changed in an update."));
      }
      Check.immutable(doc, old, "preemptionPolicy", Path.ROOT, errors);
    }
  }

  private static final class EventRules implements Rules {
    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      String concerned = text(doc.path("involvedObject"), "namespace");
      String own = text(doc.path("metadata"), "namespace");
      boolean fits =
          concerned.equals(own)
              || (concerned.isEmpty() && Set.of("default", "kube-system").contains(own));
      if (!fits) {
        errors.add(
            FieldError.invalid(
                Path.ROOT.child("involvedObject").child("namespace"),
                concerned,
                "does not match event.namespace"));
      }
    }
  }

  private static final class LimitRangeRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      for (ObjectNode limit : objects(doc.path("spec"), "limits")) {
        for (String field : List.of("max", "min", "default", "defaultRequest")) {
          Quantities.asText(object(limit, field));
        }
        if (text(limit, "type").equals("Container")) {
          missingFrom(limit, "default", "max");
          missingFrom(limit, "defaultRequest", "default");
          missingFrom(limit, "defaultRequest", "min");
        }
      }
    }

    private static void missingFrom(ObjectNode limit, String field, String source) {
      for (Map.Entry<String, JsonNode> amount : limit.path(source).properties()) {
        ObjectNode target = ensure(limit, field);
        if (Docs.absent(target, amount.getKey())) {
          target.set(amount.getKey(), amount.getValue());
        }
      }
    }
  }

  private static final class QuotaRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      Quantities.asText(object(doc.path("spec"), "hard"));
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      for (Map.Entry<String, JsonNode> hard : doc.path("spec").path("hard").properties()) {
        Path at = Path.SPEC.child("hard").key(hard.getKey());
        Check.name(hard.getKey(), Names::qualifiedName, at, errors);
        Check.quantity(hard.getValue(), at, errors);
      }
    }
  }
}
