package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Kinds described by CustomResourceDefinition documents. Stateless. */
public final class CustomKinds {
  private static final PrinterColumn AGE =
      new PrinterColumn(
          "Age",
          "date",
          "",
          "CreationTimestamp is a timestamp representing the server time when this object was"
              + " created.",
          0,
          ".metadata.creationTimestamp");

  private CustomKinds() {}

  /** One kind for each served version of a definition, newest first. */
  public static List<Kind> of(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    String storage = "";
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean(false)) {
        storage = version.path("name").asString("");
      }
    }
    List<Kind> kinds = new ArrayList<>();
    for (JsonNode version : spec.path("versions")) {
      if (version.path("served").asBoolean(false)) {
        kinds.add(version(spec, version, storage));
      }
    }
    return kinds;
  }

  private static Kind version(JsonNode spec, JsonNode version, String storage) {
    String group = spec.path("group").asString("");
    JsonNode names = spec.path("names");
    String kind = names.path("kind").asString("");
    String plural = names.path("plural").asString("");
    Kind.Builder builder =
        Kind.describe(group, version.path("name").asString(""), kind, plural)
            .custom()
            .generation()
            .storedAs(group + "/" + storage, plural)
            .shortNames(strings(names.path("shortNames")))
            .categories(strings(names.path("categories")))
            .fields(selectable(version))
            .columns(columns(version));
    String singular = names.path("singular").asString("");
    if (!singular.isEmpty()) {
      builder.singular(singular);
    }
    String listKind = names.path("listKind").asString("");
    if (!listKind.isEmpty()) {
      builder.listKind(listKind);
    }
    if (!spec.path("scope").asString("").equals("Namespaced")) {
      builder.cluster();
    }
    JsonNode subresources = version.path("subresources");
    if (subresources.has("status")) {
      builder.status();
    }
    JsonNode scale = subresources.path("scale");
    if (scale.isObject()) {
      builder.scale(
          new ScalePaths(
              undotted(scale.path("specReplicasPath")),
              undotted(scale.path("statusReplicasPath")),
              undotted(scale.path("labelSelectorPath"))));
    }
    return builder.build();
  }

  private static String undotted(JsonNode path) {
    String text = path.asString("");
    return text.startsWith(".") ? text.substring(1) : text;
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(n -> n.asString("")).toList();
  }

  private static Set<String> selectable(JsonNode version) {
    Set<String> paths = new LinkedHashSet<>();
    for (JsonNode field : version.path("selectableFields")) {
      paths.add(undotted(field.path("jsonPath")));
    }
    return paths;
  }

  private static List<PrinterColumn> columns(JsonNode version) {
    List<PrinterColumn> columns = new ArrayList<>();
    for (JsonNode column : version.path("additionalPrinterColumns")) {
      columns.add(
          new PrinterColumn(
              column.path("name").asString(""),
              column.path("type").asString("string"),
              column.path("format").asString(""),
              column.path("description").asString(""),
              column.path("priority").asInt(0),
              column.path("jsonPath").asString("")));
    }
    return columns.isEmpty() ? List.of(AGE) : columns;
  }
}
