package minik8s.api.codec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * A piece of a document that is carried, not understood; a pod template is the chief one. Immutable
 * by agreement: nobody changes {@code node}, {@link #copy} gives a tree to change.
 */
public record Raw(@JsonValue JsonNode node) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Raw of(JsonNode node) {
    return new Raw(node);
  }

  /** A deep copy that the caller may change. */
  public JsonNode copy() {
    return node.deepCopy();
  }

  /** This piece read as a record. */
  public <T> T as(Class<T> type) {
    return Json.read(node, type);
  }
}
