package minik8s.simulation;

import minik8s.api.codec.Json;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.client.ListOptions;
import tools.jackson.databind.JsonNode;

/** The few field selectors that our processes use, as the server would apply them. Stateless. */
final class Fields {
  private Fields() {}

  /** The same for an object, which is read only where that matters. */
  static boolean match(ListOptions options, CachedObject object) {
    return (options.namespace().isEmpty() && options.fieldSelector().isEmpty())
        || match(options, Json.parse(object.json()));
  }

  /** Whether a document is among what the options ask for. */
  private static boolean match(ListOptions options, JsonNode document) {
    String namespace = document.path("metadata").path("namespace").asString("");
    if (!options.namespace().isEmpty() && !options.namespace().equals(namespace)) {
      return false;
    }
    for (String term : options.fieldSelector().split(",")) {
      if (term.isEmpty()) {
        continue;
      }
      int equals = term.indexOf('=');
      JsonNode at = document;
      for (String step : term.substring(0, equals).split("\\.")) {
        at = at.path(step);
      }
      if (!at.asString("").equals(term.substring(equals + 1))) {
        return false;
      }
    }
    return true;
  }
}
