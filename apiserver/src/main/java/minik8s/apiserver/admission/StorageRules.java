package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Quantity;
import minik8s.apiserver.kinds.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of volumes, claims and storage classes. Stateless. */
final class StorageRules {
  private static final Set<String> MODES =
      Set.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
  private static final Set<String> VOLUME_MODES = Set.of("Block", "Filesystem");

  private StorageRules() {}

  static void addTo(Map<String, Rules> rules) {
    rules.put("v1/persistentvolumeclaims", new ClaimRules());
    rules.put("v1/persistentvolumes", new VolumeRules());
    rules.put("storage.k8s.io/v1/storageclasses", new ClassRules());
    rules.put("storage.k8s.io/v1/csidrivers", new DriverRules());
  }

  private static void modes(JsonNode spec, List<FieldError> errors) {
    Path at = Path.SPEC.child("accessModes");
    if (Docs.isEmptyList(spec, "accessModes")) {
      errors.add(FieldError.required(at, "at least 1 access mode is required"));
    }
    for (JsonNode mode : spec.path("accessModes")) {
      if (!MODES.contains(mode.asString(""))) {
        errors.add(FieldError.notSupported(at, mode.asString(""), MODES));
      }
    }
  }

  private static void amount(@Nullable JsonNode value, Path path, List<FieldError> errors) {
    if (value == null || value.isNull()) {
      errors.add(FieldError.required(path));
      return;
    }
    Quantity quantity = Check.quantity(value, path, errors);
    if (quantity != null && quantity.amount().signum() == 0) {
      errors.add(FieldError.invalid(path, value.asString(""), "must be greater than zero"));
    }
  }

  private static final class ClaimRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      VolumeDefaults.claimSpec(object(doc, "spec"));
    }

    @Override
    public void create(ObjectNode doc) {
      doc.putObject("status").put("phase", "Pending");
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      SelectorValidation.selector(spec.get("selector"), Path.SPEC.child("selector"), errors);
      modes(spec, errors);
      amount(
          spec.path("resources").path("requests").get("storage"),
          Path.SPEC.child("resources").key("storage"),
          errors);
      String name = text(spec, "storageClassName");
      if (!name.isEmpty()) {
        Check.name(name, Names::subdomain, Path.SPEC.child("storageClassName"), errors);
      }
      Check.oneOf(spec, "volumeMode", Path.SPEC, VOLUME_MODES, errors);
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      ObjectNode spec = object(doc, "spec");
      ObjectNode before = object(old, "spec");
      if (spec == null || before == null) {
        return;
      }
      ObjectNode allowed = before.deepCopy();
      Docs.copy(allowed, spec, "resources");
      Docs.copy(allowed, spec, "volumeAttributesClassName");
      if (text(before, "volumeName").isEmpty()) {
        Docs.copy(allowed, spec, "volumeName");
      }
      if (Docs.absent(before, "storageClassName")) {
        Docs.copy(allowed, spec, "storageClassName");
      }
      if (!Docs.same(spec, allowed)) {
        errors.add(
            FieldError.forbidden(
                Path.SPEC,
                "spec is immutable after creation except resources.requests and"
                    + " volumeAttributesClassName for bound claims"));
        return;
      }
      notSmaller(spec, before, errors);
    }

    private static void notSmaller(ObjectNode spec, ObjectNode before, List<FieldError> errors) {
      try {
        Quantity now = Quantity.of(requested(spec));
        if (now.compareAmount(Quantity.of(requested(before))) < 0) {
          errors.add(
              FieldError.forbidden(
                  Path.SPEC.child("resources").child("requests").child("storage"),
                  "field can not be less than previous value"));
        }
      } catch (IllegalArgumentException e) {
        // Reported by the check of the document itself.
        return;
      }
    }

    private static String requested(ObjectNode spec) {
      return spec.path("resources").path("requests").path("storage").asString("0");
    }
  }

  private static final class VolumeRules implements Rules {
    private static final List<String> NO_SOURCES =
        List.of(
            "accessModes",
            "capacity",
            "claimRef",
            "mountOptions",
            "nodeAffinity",
            "persistentVolumeReclaimPolicy",
            "storageClassName",
            "volumeAttributesClassName",
            "volumeMode");

    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode spec = object(doc, "spec");
      if (spec != null) {
        fill(spec, "persistentVolumeReclaimPolicy", "Retain");
        fill(spec, "volumeMode", "Filesystem");
        Quantities.asText(object(spec, "capacity"));
        VolumeDefaults.source(spec);
      }
    }

    @Override
    public void create(ObjectNode doc) {
      doc.putObject("status").put("phase", "Pending");
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      modes(spec, errors);
      if (Docs.isEmptyList(spec, "capacity")) {
        errors.add(FieldError.required(Path.SPEC.child("capacity")));
      } else {
        amount(
            spec.path("capacity").get("storage"),
            Path.SPEC.child("capacity").key("storage"),
            errors);
      }
      Check.oneOf(
          spec,
          "persistentVolumeReclaimPolicy",
          Path.SPEC,
          Set.of("Delete", "Recycle", "Retain"),
          errors);
      Check.oneOf(spec, "volumeMode", Path.SPEC, VOLUME_MODES, errors);
      List<String> sources =
          spec.propertyNames().stream().filter(f -> !NO_SOURCES.contains(f)).toList();
      if (sources.isEmpty()) {
        errors.add(FieldError.required(Path.SPEC, "must specify a volume type"));
      } else if (sources.size() > 1) {
        errors.add(
            FieldError.forbidden(
                Path.SPEC.child(sources.getLast()), "may not specify more than 1 volume type"));
      }
      ObjectNode required = object(spec.path("nodeAffinity"), "required");
      if (required != null) {
        AffinityValidation.nodeSelector(
            required, Path.SPEC.child("nodeAffinity").child("required"), errors);
      } else if (sources.contains("local")) {
        errors.add(
            FieldError.required(
                Path.SPEC.child("nodeAffinity"), "Local volume requires node affinity"));
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      JsonNode before = old.path("spec");
      for (String field : before.propertyNames()) {
        boolean source = !NO_SOURCES.contains(field);
        if (source && !Docs.same(spec, before, field)) {
          errors.add(
              FieldError.forbidden(
                  Path.SPEC.child("persistentvolumesource"),
                  "spec.persistentvolumesource is immutable after creation"));
        }
      }
      Check.immutable(spec, before, "volumeMode", Path.SPEC, errors);
    }
  }

  private static final class ClassRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      fill(doc, "reclaimPolicy", "Delete");
      fill(doc, "volumeBindingMode", "Immediate");
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      if (text(doc, "provisioner").isEmpty()) {
        errors.add(FieldError.required(Path.ROOT.child("provisioner")));
      } else {
        Check.name(
            text(doc, "provisioner"), Names::qualifiedName, Path.ROOT.child("provisioner"), errors);
      }
      Check.oneOf(doc, "reclaimPolicy", Path.ROOT, Set.of("Delete", "Retain"), errors);
      Check.oneOf(
          doc, "volumeBindingMode", Path.ROOT, Set.of("Immediate", "WaitForFirstConsumer"), errors);
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
        if (!Docs.same(doc, old, field)) {
          errors.add(
              FieldError.forbidden(
                  Path.ROOT.child(field), "updates to " + field + " are forbidden."));
        }
      }
      Check.immutable(doc, old, "volumeBindingMode", Path.ROOT, errors);
    }
  }

  private static final class DriverRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        return;
      }
      fill(spec, "attachRequired", true);
      fill(spec, "podInfoOnMount", false);
      fill(spec, "storageCapacity", false);
      fill(spec, "requiresRepublish", false);
      fill(spec, "seLinuxMount", false);
      fill(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
      if (Docs.isEmptyList(spec, "volumeLifecycleModes")) {
        spec.putArray("volumeLifecycleModes").add("Persistent");
      }
    }
  }
}
