package minik8s.apiserver.registry;

import java.util.Optional;
import java.util.function.Predicate;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Conversions;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.selector.FieldQuery;
import minik8s.apiserver.selector.FieldSelectors;
import minik8s.apiserver.selector.LabelQuery;
import minik8s.apiserver.selector.LabelSelectors;
import minik8s.apiserver.watchcache.CachedObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Label and field selectors over cached objects. Stateless.
 *
 * <p>An object is parsed once for all selectors: what they can ask for is kept with it as a small
 * extract.
 */
public final class Selectors {
  /** Which objects are wanted; {@code selective} says whether any can be refused. */
  public record Selection(Predicate<CachedObject> matches, boolean selective) {}

  private Selectors() {}

  /** Reads both parameters; throws BadRequest. */
  public static Selection parse(Kind kind, String labelSelector, String fieldSelector) {
    LabelQuery labels = LabelSelectors.parse(labelSelector);
    FieldQuery fields = FieldSelectors.parse(fieldSelector, kind);
    if (labels.isEverything() && fields.isEverything()) {
      return new Selection(_ -> true, false);
    }
    Optional<String> name = fields.exact("metadata.name");
    return new Selection(
        object ->
            (name.isEmpty() || object.name().equals(name.get()))
                && matches(kind, labels, fields, object),
        true);
  }

  private static boolean matches(
      Kind kind, LabelQuery labels, FieldQuery fields, CachedObject object) {
    JsonNode extract;
    if (kind.converted() && !kind.custom() && !kind.fieldSelectors().isEmpty()) {
      ObjectNode served = object.tree();
      Conversions.fromStorage(kind, served);
      extract = served;
    } else {
      extract = object.selectable(document -> extract(kind, document));
    }
    return labels.matches(extract) && fields.matches(extract);
  }

  /**
   * The name, the labels, and the top-level parts that hold selectable fields, without their bulk.
   */
  private static JsonNode extract(Kind kind, ObjectNode document) {
    ObjectNode extract = Json.object();
    ObjectNode metadata = extract.putObject("metadata");
    for (String field : new String[] {"name", "namespace", "labels"}) {
      keep(metadata, document.path("metadata"), field);
    }
    for (String path : kind.fieldSelectors()) {
      int dot = path.indexOf('.');
      if (dot < 0) {
        keep(extract, document, path);
      } else if (!path.startsWith("metadata.")) {
        String part = path.substring(0, dot);
        String field = path.substring(dot + 1);
        int next = field.indexOf('.');
        ObjectNode to =
            extract.get(part) instanceof ObjectNode known ? known : extract.putObject(part);
        keep(to, document.path(part), next < 0 ? field : field.substring(0, next));
      }
    }
    if (kind.kind().equals("Job")) {
      keep(
          extract.get("status") instanceof ObjectNode known ? known : extract.putObject("status"),
          document.path("status"),
          "succeeded");
    }
    keep(extract, document, "reportingComponent");
    return extract;
  }

  private static void keep(ObjectNode to, JsonNode from, String field) {
    JsonNode value = from.get(field);
    if (value != null) {
      to.set(field, value);
    }
  }
}
