package minik8s.apiserver.admission;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Kubernetes' semantic equality of documents: absent, null and empty are alike, numbers are equal
 * by value whatever their width. Stateless.
 */
final class Equality {
  private Equality() {}

  static boolean equal(JsonNode a, JsonNode b) {
    if (a.isObject() && b.isObject()) {
      return objects(a, b);
    }
    if (a.isArray() && b.isArray()) {
      if (a.size() != b.size()) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!Docs.same(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    return a.equals(b);
  }

  private static boolean objects(JsonNode a, JsonNode b) {
    Set<String> fields = new HashSet<>(a.propertyNames());
    fields.addAll(b.propertyNames());
    for (String field : fields) {
      if (!Docs.same(a.get(field), b.get(field))) {
        return false;
      }
    }
    return true;
  }
}
