package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of the kinds that keep pods running. Stateless.
 *
 * <p>Source: Kubernetes' {@code pkg/apis/apps/v1/defaults.go} and {@code pkg/apis/apps/validation}.
 */
abstract class WorkloadRules implements Rules {
  static final Path TEMPLATE = Path.SPEC.child("template");

  private final String kind;

  WorkloadRules(String kind) {
    this.kind = kind;
  }

  /** Defaults of the spec, the template's not included. */
  abstract void specDefaults(ObjectNode spec);

  /** What is wrong with the spec beyond selector and template. */
  abstract void validateSpec(ObjectNode spec, List<FieldError> errors);

  @Override
  public void defaults(ObjectNode doc) {
    ObjectNode spec = object(doc, "spec");
    if (spec != null) {
      specDefaults(spec);
      PodDefaults.template(spec);
    }
  }

  @Override
  public void validate(ObjectNode doc, List<FieldError> errors) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      spec = doc.objectNode();
    }
    Check.notNegative(spec, "replicas", Path.SPEC, errors);
    SelectorValidation.workload(spec, kind.toLowerCase(java.util.Locale.ROOT), errors);
    PodSpecValidation.runningTemplate(spec, kind, errors);
    Check.notNegative(spec, "minReadySeconds", Path.SPEC, errors);
    Check.notNegative(spec, "revisionHistoryLimit", Path.SPEC, errors);
    validateSpec(spec, errors);
  }

  @Override
  public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    Check.immutable(doc.path("spec"), old.path("spec"), "selector", Path.SPEC, errors);
  }

  @Override
  public void warnings(ObjectNode doc, List<String> warnings) {
    ActedOn.podSpec(doc.path("spec").path("template").path("spec"), "spec.template.spec", warnings);
  }

  /** Deployments. */
  static final class DeploymentRules extends WorkloadRules {
    DeploymentRules() {
      super("Deployment");
    }

    @Override
    void specDefaults(ObjectNode spec) {
      fill(spec, "replicas", 1);
      ObjectNode strategy = ensure(spec, "strategy");
      fill(strategy, "type", "RollingUpdate");
      if (Docs.text(strategy, "type").equals("RollingUpdate")) {
        ObjectNode rolling = ensure(strategy, "rollingUpdate");
        fill(rolling, "maxUnavailable", "25%");
        fill(rolling, "maxSurge", "25%");
      }
      fill(spec, "revisionHistoryLimit", 10);
      fill(spec, "progressDeadlineSeconds", 600);
    }

    @Override
    void validateSpec(ObjectNode spec, List<FieldError> errors) {
      Path at = Path.SPEC.child("strategy");
      JsonNode strategy = spec.path("strategy");
      String type = Docs.text(strategy, "type");
      if (type.equals("Recreate")) {
        if (Docs.present(strategy, "rollingUpdate")) {
          errors.add(
              FieldError.forbidden(
                  at.child("rollingUpdate"),
                  "may not be specified when strategy `type` is 'Recreate'"));
        }
      } else if (type.equals("RollingUpdate")) {
        rolling(strategy.path("rollingUpdate"), at.child("rollingUpdate"), errors);
      } else {
        errors.add(
            FieldError.notSupported(at.child("type"), type, Set.of("Recreate", "RollingUpdate")));
      }
      long deadline = spec.path("progressDeadlineSeconds").asLong(600);
      if (deadline < 0) {
        Check.notNegative(spec, "progressDeadlineSeconds", Path.SPEC, errors);
      }
      if (deadline <= spec.path("minReadySeconds").asLong(0)) {
        errors.add(
            FieldError.invalid(
                Path.SPEC.child("progressDeadlineSeconds"),
                deadline,
                "must be greater than minReadySeconds"));
      }
    }

    private static void rolling(JsonNode rolling, Path at, List<FieldError> errors) {
      Check.intOrPercent(rolling, "maxUnavailable", true, at, errors);
      Check.intOrPercent(rolling, "maxSurge", false, at, errors);
      if (Check.isZero(rolling.path("maxUnavailable")) && Check.isZero(rolling.path("maxSurge"))) {
        errors.add(
            FieldError.invalid(
                at.child("maxUnavailable"),
                rolling.path("maxUnavailable"),
                "may not be 0 when `maxSurge` is 0"));
      }
    }

    @Override
    public boolean countsInGeneration(ObjectNode doc, ObjectNode old) {
      return super.countsInGeneration(doc, old)
          || !Docs.same(doc.path("metadata"), old.path("metadata"), "annotations");
    }
  }

  /** Replica sets. */
  static final class ReplicaSetRules extends WorkloadRules {
    ReplicaSetRules() {
      super("ReplicaSet");
    }

    @Override
    void specDefaults(ObjectNode spec) {
      fill(spec, "replicas", 1);
    }

    @Override
    void validateSpec(ObjectNode spec, List<FieldError> errors) {}
  }

  /** Daemon sets. */
  static final class DaemonSetRules extends WorkloadRules {
    DaemonSetRules() {
      super("DaemonSet");
    }

    @Override
    void specDefaults(ObjectNode spec) {
      ObjectNode strategy = ensure(spec, "updateStrategy");
      fill(strategy, "type", "RollingUpdate");
      if (Docs.text(strategy, "type").equals("RollingUpdate")) {
        ObjectNode rolling = ensure(strategy, "rollingUpdate");
        fill(rolling, "maxSurge", 0);
        fill(rolling, "maxUnavailable", 1);
      }
      fill(spec, "revisionHistoryLimit", 10);
    }

    @Override
    void validateSpec(ObjectNode spec, List<FieldError> errors) {
      Path at = Path.SPEC.child("updateStrategy");
      JsonNode strategy = spec.path("updateStrategy");
      Check.oneOf(strategy, "type", at, Set.of("OnDelete", "RollingUpdate"), errors);
      if (Docs.text(strategy, "type").equals("RollingUpdate")) {
        JsonNode rolling = strategy.path("rollingUpdate");
        Path path = at.child("rollingUpdate");
        Check.intOrPercent(rolling, "maxUnavailable", true, path, errors);
        Check.intOrPercent(rolling, "maxSurge", true, path, errors);
        boolean noSurge = Check.isZero(rolling.path("maxSurge"));
        boolean noneMissing = Check.isZero(rolling.path("maxUnavailable"));
        if (noSurge && noneMissing) {
          errors.add(
              FieldError.required(path.child("maxUnavailable"), "cannot be 0 when maxSurge is 0"));
        } else if (!noSurge && !noneMissing) {
          errors.add(
              FieldError.invalid(
                  path.child("maxSurge"),
                  rolling.path("maxSurge"),
                  "may not be set when maxUnavailable is non-zero"));
        }
      }
    }
  }

  /** Stateful sets. */
  static final class StatefulSetRules extends WorkloadRules {
    private static final List<String> CHANGEABLE =
        List.of(
            "replicas",
            "template",
            "updateStrategy",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds",
            "ordinals",
            "revisionHistoryLimit");
    private static final Set<String> RETENTION = Set.of("Delete", "Retain");

    StatefulSetRules() {
      super("StatefulSet");
    }

    @Override
    void specDefaults(ObjectNode spec) {
      fill(spec, "podManagementPolicy", "OrderedReady");
      ObjectNode strategy = ensure(spec, "updateStrategy");
      fill(strategy, "type", "RollingUpdate");
      if (Docs.text(strategy, "type").equals("RollingUpdate")) {
        fill(ensure(strategy, "rollingUpdate"), "partition", 0);
      }
      ObjectNode retention = ensure(spec, "persistentVolumeClaimRetentionPolicy");
      fill(retention, "whenDeleted", "Retain");
      fill(retention, "whenScaled", "Retain");
      fill(spec, "replicas", 1);
      fill(spec, "revisionHistoryLimit", 10);
      for (ObjectNode claim : objects(spec, "volumeClaimTemplates")) {
        fill(claim, "apiVersion", "v1");
        fill(claim, "kind", "PersistentVolumeClaim");
        VolumeDefaults.claimSpec(object(claim, "spec"));
        fill(ensure(claim, "status"), "phase", "Pending");
      }
    }

    @Override
    void validateSpec(ObjectNode spec, List<FieldError> errors) {
      Check.oneOf(
          spec, "podManagementPolicy", Path.SPEC, Set.of("OrderedReady", "Parallel"), errors);
      Path strategy = Path.SPEC.child("updateStrategy");
      Check.oneOf(
          spec.path("updateStrategy"),
          "type",
          strategy,
          Set.of("OnDelete", "RollingUpdate"),
          errors);
      Check.notNegative(
          spec.path("updateStrategy").path("rollingUpdate"),
          "partition",
          strategy.child("rollingUpdate"),
          errors);
      JsonNode retention = spec.path("persistentVolumeClaimRetentionPolicy");
      Path path = Path.SPEC.child("persistentVolumeClaimRetentionPolicy");
      Check.oneOf(retention, "whenDeleted", path, RETENTION, errors);
      Check.oneOf(retention, "whenScaled", path, RETENTION, errors);
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      super.validate(withClaimVolumes(doc), errors);
    }

    /** Claims become volumes of the pods, so containers may mount them. */
    private static ObjectNode withClaimVolumes(ObjectNode doc) {
      if (Docs.isEmptyList(doc.path("spec"), "volumeClaimTemplates")) {
        return doc;
      }
      ObjectNode copy = doc.deepCopy();
      ObjectNode template = object(copy.path("spec"), "template");
      ObjectNode spec = template == null ? null : object(template, "spec");
      if (spec == null) {
        return doc;
      }
      for (ObjectNode claim : objects(doc.path("spec"), "volumeClaimTemplates")) {
        String name = Docs.text(claim.path("metadata"), "name");
        boolean present =
            objects(spec, "volumes").stream().anyMatch(v -> Docs.text(v, "name").equals(name));
        if (!present) {
          ObjectNode volume = Docs.ensureList(spec, "volumes").addObject().put("name", name);
          volume.putObject("persistentVolumeClaim").put("claimName", name);
        }
      }
      return copy;
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      ObjectNode spec = object(doc, "spec");
      ObjectNode before = object(old, "spec");
      if (spec == null || before == null) {
        return;
      }
      ObjectNode allowed = before.deepCopy();
      CHANGEABLE.forEach(field -> Docs.copy(allowed, spec, field));
      if (!Docs.same(spec, allowed)) {
        errors.add(
            FieldError.forbidden(
                Path.SPEC,
                "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                    + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                    + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                    + " forbidden"));
      }
    }
  }

  /** Replication controllers, whose selector is a plain map taken from the template. */
  static final class ReplicationControllerRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        return;
      }
      fill(spec, "replicas", 1);
      JsonNode labels = spec.path("template").path("metadata").path("labels");
      if (!labels.isEmpty()) {
        if (Docs.isEmptyList(spec, "selector")) {
          spec.set("selector", labels.deepCopy());
        }
        ObjectNode meta = ensure(doc, "metadata");
        if (Docs.isEmptyList(meta, "labels")) {
          meta.set("labels", labels.deepCopy());
        }
      }
      PodDefaults.template(spec);
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        spec = doc.objectNode();
      }
      Check.notNegative(spec, "replicas", Path.SPEC, errors);
      if (Docs.isEmptyList(spec, "selector")) {
        errors.add(FieldError.required(Path.SPEC.child("selector")));
      }
      JsonNode labels = spec.path("template").path("metadata").path("labels");
      ObjectNode selector = spec.objectNode();
      selector.set("matchLabels", spec.path("selector"));
      if (Docs.present(spec, "template") && !SelectorValidation.matches(selector, labels)) {
        errors.add(
            FieldError.invalid(
                TEMPLATE.child("metadata").child("labels"),
                labels,
                "`selector` does not match template `labels`"));
      }
      PodSpecValidation.runningTemplate(spec, "ReplicationController", errors);
    }

    @Override
    public void warnings(ObjectNode doc, List<String> warnings) {
      ActedOn.podSpec(
          doc.path("spec").path("template").path("spec"), "spec.template.spec", warnings);
    }
  }

  /** Pod templates stored on their own. */
  static final class PodTemplateRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      PodDefaults.template(doc);
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      PodSpecValidation.template(doc, Path.ROOT.child("template"), errors);
    }
  }
}
