package minik8s.apiserver.admission;

import java.util.ArrayList;
import java.util.List;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.node.ObjectNode;

/** The ownership rules that all kinds share, around the rules of one kind. Immutable. */
final class KindStrategy implements Strategy {
  private final Kind kind;
  private final Rules rules;
  private final MetadataRules metadata;

  KindStrategy(Kind kind, Rules rules) {
    this.kind = kind;
    this.rules = rules;
    this.metadata = new MetadataRules(kind.namespaced(), rules.names());
  }

  @Override
  public void applyDefaults(ObjectNode doc) {
    rules.defaults(doc);
  }

  @Override
  public List<FieldError> validate(ObjectNode doc) {
    List<FieldError> errors = new ArrayList<>(0);
    metadata.validate(doc, errors);
    rules.validate(doc, errors);
    return errors;
  }

  @Override
  public List<FieldError> validateUpdate(ObjectNode doc, ObjectNode old) {
    List<FieldError> errors = new ArrayList<>(0);
    metadata.validate(doc, errors);
    metadata.validateChange(doc, old, errors);
    rules.validate(doc, errors);
    rules.validateChange(doc, old, errors);
    return errors;
  }

  @Override
  public List<FieldError> validateStatusUpdate(ObjectNode doc, ObjectNode old) {
    List<FieldError> errors = new ArrayList<>(0);
    metadata.validateChange(doc, old, errors);
    rules.validateStatus(doc, old, errors);
    return errors;
  }

  @Override
  public void prepareForCreate(ObjectNode doc) {
    if (kind.status() && !rules.keepsStatusOnCreate()) {
      doc.remove("status");
    }
    ObjectNode meta = Docs.ensure(doc, "metadata");
    if (kind.generation()) {
      meta.put("generation", 1);
    } else {
      meta.remove("generation");
    }
    rules.create(doc);
  }

  @Override
  public void prepareForUpdate(ObjectNode doc, ObjectNode old) {
    keepSystemMetadata(doc, old);
    if (kind.status()) {
      Docs.copy(doc, old, "status");
    }
    rules.update(doc, old);
  }

  @Override
  public void prepareForStatusUpdate(ObjectNode doc, ObjectNode old) {
    keepSystemMetadata(doc, old);
    for (String field : List.copyOf(doc.propertyNames())) {
      if (!field.equals("status") && !field.equals("metadata")) {
        doc.remove(field);
      }
    }
    for (String field : old.propertyNames()) {
      if (!field.equals("status") && !field.equals("metadata")) {
        Docs.copy(doc, old, field);
      }
    }
    ObjectNode before = Docs.object(old, "metadata");
    if (before != null) {
      ObjectNode meta = Docs.ensure(doc, "metadata");
      for (String field : statusOwnedMetadata()) {
        Docs.copy(meta, before, field);
      }
    }
  }

  /** Metadata that a writer of the status cannot touch; pods and nodes are freer than others. */
  private List<String> statusOwnedMetadata() {
    if (kind.custom()) {
      return List.of("labels", "annotations", "finalizers", "ownerReferences");
    }
    return kind.plural().equals("nodes") || kind.plural().equals("pods")
        ? List.of("ownerReferences")
        : List.of("labels", "ownerReferences");
  }

  /** What only the server writes survives whatever a client sends. */
  private static void keepSystemMetadata(ObjectNode doc, ObjectNode old) {
    ObjectNode before = Docs.object(old, "metadata");
    if (before == null) {
      return;
    }
    ObjectNode meta = Docs.ensure(doc, "metadata");
    for (String field :
        List.of("generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")) {
      Docs.copy(meta, before, field);
    }
    for (String field : List.of("uid", "creationTimestamp", "generateName")) {
      if (Docs.blank(meta, field)) {
        Docs.copy(meta, before, field);
      }
    }
  }

  @Override
  public void stampGeneration(ObjectNode doc, ObjectNode old) {
    ObjectNode meta = Docs.object(doc, "metadata");
    ObjectNode before = Docs.object(old, "metadata");
    if (!kind.generation() || meta == null || before == null) {
      return;
    }
    int generation = before.path("generation").asInt(1);
    meta.put("generation", rules.countsInGeneration(doc, old) ? generation + 1 : generation);
  }

  @Override
  public List<String> warnings(ObjectNode doc) {
    String idle = ActedOn.idleKind(kind);
    if (!idle.isEmpty()) {
      return List.of(idle);
    }
    List<String> warnings = new ArrayList<>(0);
    rules.warnings(doc, warnings);
    return warnings;
  }
}
