package minik8s.apiserver.admission;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Resource amounts in documents. Stateless. */
final class Quantities {
  private Quantities() {}

  /** Makes every amount of a map a string, as Kubernetes writes them back. */
  static void asText(@Nullable ObjectNode amounts) {
    if (amounts == null) {
      return;
    }
    for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
      if (amount.getValue().isNumber()) {
        amount.setValue(amounts.stringNode(amount.getValue().asString()));
      }
    }
  }

  /** Makes one amount a string. */
  static void asText(ObjectNode holder, String field) {
    JsonNode amount = holder.get(field);
    if (amount != null && amount.isNumber()) {
      holder.put(field, amount.asString());
    }
  }
}
