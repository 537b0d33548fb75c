package minik8s.apiserver.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** In which order the elements of a merged list come. Stateless. */
final class ListOrder {
  private ListOrder() {}

  /**
   * Arranges a merged list: elements named by the patch in the patch's order, the others in the
   * server's order, and both woven so that the server's order holds where it knows both.
   *
   * @param key the field that identifies an element; empty for lists of scalars
   */
  static ArrayNode arrange(ArrayNode merged, ArrayNode patch, ArrayNode server, String key) {
    List<JsonNode> named = new ArrayList<>();
    List<JsonNode> others = new ArrayList<>();
    merged.forEach(item -> (index(patch, item, key) >= 0 ? named : others).add(item));
    named.sort(Comparator.comparingInt(item -> index(patch, item, key)));
    others.sort(Comparator.comparingInt(item -> index(server, item, key)));
    ArrayNode all = JsonNodeFactory.instance.arrayNode(merged.size());
    int i = 0;
    int j = 0;
    while (i < others.size() || j < named.size()) {
      boolean takeOther;
      if (i >= others.size()) {
        takeOther = false;
      } else if (j >= named.size()) {
        takeOther = true;
      } else {
        int other = index(server, others.get(i), key);
        int known = index(server, named.get(j), key);
        takeOther = other >= 0 && known >= 0 && other < known;
      }
      all.add(takeOther ? others.get(i++) : named.get(j++));
    }
    return all;
  }

  /** Where the element with the same key stands, or -1. */
  static int index(ArrayNode list, JsonNode item, String key) {
    for (int i = 0; i < list.size(); i++) {
      if (same(list.get(i), item, key)) {
        return i;
      }
    }
    return -1;
  }

  /** Refuses a patch whose elements come in another order than its {@code $setElementOrder}. */
  static void requireSameOrder(ArrayNode patch, ArrayNode order, String key) {
    int at = 0;
    for (JsonNode item : patch) {
      if (item.isObject() && item.has("$patch")) {
        continue;
      }
      while (at < order.size() && !same(order.get(at), item, key)) {
        at++;
      }
      if (at >= order.size()) {
        throw Refusals.internal(
            "The order in patch list:\n"
                + GoText.map(patch)
                + "\n doesn't match $setElementOrder list:\n"
                + GoText.map(order)
                + "\n");
      }
    }
  }

  private static boolean same(JsonNode one, JsonNode other, String key) {
    JsonNode a = key.isEmpty() ? one : one.get(key);
    JsonNode b = key.isEmpty() ? other : other.get(key);
    return a != null && b != null && equal(a, b);
  }

  private static boolean equal(@Nullable JsonNode a, @Nullable JsonNode b) {
    if (a == null || b == null) {
      return false;
    }
    return a.equals(b) || (a.isNumber() && b.isNumber() && a.asString().equals(b.asString()));
  }
}
