package minik8s.apiserver.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A document that passed decoding: typed as its schema says, unknown fields pruned.
 *
 * @param document the document; the caller owns it and may change it
 * @param warnings sentences for {@code Warning:} headers
 */
public record Decoded(ObjectNode document, List<String> warnings) {
  public Decoded {
    warnings = List.copyOf(warnings);
  }
}
