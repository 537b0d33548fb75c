package minik8s.apiserver.admission;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What is particular to one kind. Implementations are stateless. */
interface Rules {
  /** The syntax of a name: the problems of a text. */
  @FunctionalInterface
  interface NameRule {
    List<String> problems(String name);
  }

  /** What names of the kind look like. */
  default NameRule names() {
    return minik8s.apiserver.kinds.Names::subdomain;
  }

  /** Fills in defaults. */
  default void defaults(ObjectNode doc) {}

  /** Whether the status of a new object is its creator's, as with nodes that register. */
  default boolean keepsStatusOnCreate() {
    return false;
  }

  /** Sets what a new object starts with, after the status was dropped. */
  default void create(ObjectNode doc) {}

  /** Takes over from the old object what writers of the main resource do not own. */
  default void update(ObjectNode doc, ObjectNode old) {}

  /** What is wrong with the document on its own; the metadata is judged elsewhere. */
  default void validate(ObjectNode doc, List<FieldError> errors) {}

  /** What is wrong with the change. */
  default void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {}

  /** What is wrong with the new status. */
  default void validateStatus(ObjectNode doc, ObjectNode old, List<FieldError> errors) {}

  /** Whether a change counts in the generation. */
  default boolean countsInGeneration(ObjectNode doc, ObjectNode old) {
    for (String field : doc.propertyNames()) {
      if (!isCarried(field) && !Docs.same(doc, old, field)) {
        return true;
      }
    }
    for (String field : old.propertyNames()) {
      if (!isCarried(field) && doc.get(field) == null && !Docs.same(doc, old, field)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCarried(String field) {
    return field.equals("metadata")
        || field.equals("status")
        || field.equals("apiVersion")
        || field.equals("kind");
  }

  /** Sentences about what is accepted but questionable. */
  default void warnings(ObjectNode doc, List<String> warnings) {}
}
