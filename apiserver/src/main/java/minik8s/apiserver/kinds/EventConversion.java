package minik8s.apiserver.kinds;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Events between {@code events.k8s.io/v1} and {@code v1}, which name fields differently. */
final class EventConversion {
  private record Pair(String events, String core) {}

  private static final List<Pair> FIELDS =
      List.of(
          new Pair("note", "message"),
          new Pair("regarding", "involvedObject"),
          new Pair("reportingController", "reportingComponent"),
          new Pair("deprecatedSource", "source"),
          new Pair("deprecatedFirstTimestamp", "firstTimestamp"),
          new Pair("deprecatedLastTimestamp", "lastTimestamp"),
          new Pair("deprecatedCount", "count"));

  private EventConversion() {}

  static void toCore(ObjectNode doc) {
    FIELDS.forEach(pair -> rename(doc, pair.events, pair.core));
  }

  static void fromCore(ObjectNode doc) {
    FIELDS.forEach(pair -> rename(doc, pair.core, pair.events));
  }

  private static void rename(ObjectNode doc, String from, String to) {
    JsonNode value = doc.remove(from);
    if (value != null) {
      doc.set(to, value);
    }
  }
}
