package minik8s.apiserver.admission;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of one kind: who owns which field, defaults, validity. Implementations are stateless,
 * pure and thread-safe; documents are changed in place where a method says so, and always are in
 * the version that is stored.
 *
 * <p>A create is {@link #prepareForCreate}, {@link #applyDefaults}, {@link Admission#admitCreate},
 * (generated name), {@link #validate}. An update is {@link #prepareForUpdate} (or {@link
 * #prepareForStatusUpdate}), {@link #applyDefaults}, {@link Admission#admitUpdate}, {@link
 * #validateUpdate} (or {@link #validateStatusUpdate}), {@link #stampGeneration}. The registry sets
 * uid, timestamps and resource version; strategies set the generation and the initial status.
 */
public interface Strategy {
  /** Fills in what Kubernetes fills in; twice is the same as once. */
  void applyDefaults(ObjectNode doc);

  /** What is wrong with a new document. */
  List<FieldError> validate(ObjectNode doc);

  /** What is wrong with a new version of a document, the unchangeable fields included. */
  List<FieldError> validateUpdate(ObjectNode doc, ObjectNode old);

  /** What is wrong with a new version that came through {@code /status}. */
  List<FieldError> validateStatusUpdate(ObjectNode doc, ObjectNode old);

  /** Drops what a creator does not own and starts the generation. */
  void prepareForCreate(ObjectNode doc);

  /** Takes over what a writer of the main resource does not own: the status. */
  void prepareForUpdate(ObjectNode doc, ObjectNode old);

  /** Takes over what a writer of {@code /status} does not own: everything but the status. */
  void prepareForStatusUpdate(ObjectNode doc, ObjectNode old);

  /** Counts the generation up when the wish changed; called last before the write. */
  void stampGeneration(ObjectNode doc, ObjectNode old);

  /** Sentences for {@code Warning:} headers. */
  List<String> warnings(ObjectNode doc);
}
