package minik8s.apiserver.admission;

import java.util.List;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The ownership rules that all kinds share, around the rules of one kind. Immutable. */
final class KindStrategy implements Strategy {
  private final Kind kind;

  KindStrategy(Kind kind) {
    this.kind = kind;
  }

  @Override
  public void applyDefaults(ObjectNode doc) {}

  @Override
  public List<FieldError> validate(ObjectNode doc) {
    return List.of();
  }

  @Override
  public List<FieldError> validateUpdate(ObjectNode doc, ObjectNode old) {
    return List.of();
  }

  @Override
  public List<FieldError> validateStatusUpdate(ObjectNode doc, ObjectNode old) {
    return List.of();
  }

  @Override
  public void prepareForCreate(ObjectNode doc) {
    if (kind.status()) {
      doc.remove("status");
    }
    if (kind.generation() && doc.get("metadata") instanceof ObjectNode metadata) {
      metadata.put("generation", 1);
    }
  }

  @Override
  public void prepareForUpdate(ObjectNode doc, ObjectNode old) {
    if (kind.status()) {
      copy(doc, old, "status");
    }
  }

  @Override
  public void prepareForStatusUpdate(ObjectNode doc, ObjectNode old) {
    for (String field : List.copyOf(doc.propertyNames())) {
      if (!field.equals("status") && !field.equals("metadata")) {
        doc.remove(field);
      }
    }
    old.propertyStream()
        .filter(e -> !e.getKey().equals("status") && !e.getKey().equals("metadata"))
        .forEach(e -> doc.set(e.getKey(), e.getValue().deepCopy()));
    if (doc.get("metadata") instanceof ObjectNode metadata
        && old.get("metadata") instanceof ObjectNode before) {
      for (String field : List.of("labels", "annotations", "ownerReferences", "generation")) {
        copy(metadata, before, field);
      }
    }
  }

  private static void copy(ObjectNode to, ObjectNode from, String field) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  @Override
  public void stampGeneration(ObjectNode doc, ObjectNode old) {
    if (!kind.generation()
        || !(doc.get("metadata") instanceof ObjectNode metadata)
        || !(old.get("metadata") instanceof ObjectNode before)) {
      return;
    }
    long generation = before.path("generation").asLong(1);
    metadata.put("generation", wish(doc).equals(wish(old)) ? generation : generation + 1);
  }

  private static ObjectNode wish(ObjectNode doc) {
    ObjectNode wish = doc.objectNode();
    wish.setAll(doc);
    wish.remove(List.of("metadata", "status"));
    return wish;
  }

  @Override
  public List<String> warnings(ObjectNode doc) {
    return List.of();
  }
}
