package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.apiserver.kinds.Conversions;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.watchcache.CachedObject;
import tools.jackson.databind.node.ObjectNode;

/** Turns objects into the form that a client asked for. Stateless; thread-safe. */
final class Renderer {
  private final TableDocuments tables;

  Renderer(TableDocuments tables) {
    this.tables = tables;
  }

  /** One object on its own. */
  byte[] object(Kind kind, CachedObject object, Form form) {
    if (form.verbatim() && !kind.converted()) {
      return object.json();
    }
    return document(single(kind, tree(kind, object), form), form);
  }

  /** One object that is at hand as a tree in its served version. */
  byte[] object(Kind kind, ObjectNode served, Form form) {
    return document(single(kind, served, form), form);
  }

  private ObjectNode single(Kind kind, ObjectNode served, Form form) {
    return switch (form.shape()) {
      case PLAIN -> served;
      case PARTIAL -> partial(served, form.version());
      case TABLE -> tables.table(kind, List.of(served), form, true);
    };
  }

  /** One object as it stands inside a watch event, in JSON on one line. */
  byte[] event(Kind kind, CachedObject object, Form form, boolean first) {
    if (form.shape() != Form.Shape.TABLE) {
      return item(kind, object, form);
    }
    return Json.bytes(tables.table(kind, List.of(tree(kind, object)), form, first));
  }

  /** An item of a list that is not a table. */
  byte[] item(Kind kind, CachedObject object, Form form) {
    if (!kind.converted()) {
      switch (form.shape()) {
        case PLAIN -> {
          return object.json();
        }
        case PARTIAL -> {
          return partial(object.metadata(), form.version());
        }
        case TABLE -> {}
      }
    }
    return Json.bytes(single(kind, tree(kind, object), form));
  }

  /** A whole list as a table. */
  ObjectNode table(Kind kind, List<CachedObject> objects, Form form) {
    List<ObjectNode> served = new ArrayList<>(objects.size());
    objects.forEach(object -> served.add(tree(kind, object)));
    return tables.table(kind, served, form, true);
  }

  /** The document in the form's syntax. */
  static byte[] document(ObjectNode document, Form form) {
    if (form.yaml()) {
      return Yaml.text(document).getBytes(UTF_8);
    }
    return form.pretty()
        ? (document.toPrettyString() + "\n").getBytes(UTF_8)
        : Json.bytes(document);
  }

  private static ObjectNode tree(Kind kind, CachedObject object) {
    ObjectNode tree = object.tree();
    Conversions.fromStorage(kind, tree);
    return tree;
  }

  private static byte[] partial(byte[] metadata, String version) {
    byte[] head =
        ("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/"
                + version
                + "\",\"metadata\":")
            .getBytes(UTF_8);
    byte[] whole = Arrays.copyOf(head, head.length + metadata.length + 1);
    System.arraycopy(metadata, 0, whole, head.length, metadata.length);
    whole[whole.length - 1] = '}';
    return whole;
  }

  private static ObjectNode partial(ObjectNode served, String version) {
    ObjectNode partial = Json.object();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
    partial.set("metadata", served.path("metadata"));
    return partial;
  }
}
