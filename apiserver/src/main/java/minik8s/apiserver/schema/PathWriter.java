package minik8s.apiserver.schema;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the paths of served resources with their operations. Confined to one document. */
final class PathWriter {
  private static final List<String> WRITE_PARAMETERS =
      List.of("dryRun", "fieldManager", "fieldValidation");
  private static final List<String> LIST_PARAMETERS =
      List.of(
          "allowWatchBookmarks",
          "continue",
          "fieldSelector",
          "labelSelector",
          "limit",
          "resourceVersion",
          "resourceVersionMatch",
          "sendInitialEvents",
          "timeoutSeconds",
          "watch");
  private static final List<String> DELETE_PARAMETERS =
      List.of("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy");

  private final boolean v3;
  private final ObjectNode paths;

  PathWriter(boolean v3, ObjectNode paths) {
    this.v3 = v3;
    this.paths = paths;
  }

  /**
   * Adds the paths of one resource.
   *
   * @param definition the full name of its kind's definition
   * @param custom whether strategic merge is refused
   */
  void add(ServedResource resource, String definition, boolean custom) {
    String root =
        (resource.gvk().group().isEmpty() ? "/api/" : "/apis/") + resource.gvk().apiVersion();
    String collection =
        root + (resource.namespaced() ? "/namespaces/{namespace}/" : "/") + resource.plural();
    ObjectNode many = item(resource.namespaced(), false);
    if (resource.verbs().contains("list")) {
      many.set("get", operation(resource, "list", definition + "List", LIST_PARAMETERS));
    }
    if (resource.verbs().contains("create")) {
      many.set("post", operation(resource, "post", definition, WRITE_PARAMETERS));
    }
    if (resource.verbs().contains("deletecollection")) {
      many.set(
          "delete",
          operation(resource, "deletecollection", SchemaWriter.META + "Status", DELETE_PARAMETERS));
    }
    paths.set(collection, many);
    if (resource.namespaced() && resource.verbs().contains("list")) {
      ObjectNode all = item(false, false);
      all.set("get", operation(resource, "list", definition + "List", LIST_PARAMETERS));
      paths.set(root + "/" + resource.plural(), all);
    }
    ObjectNode one = item(resource.namespaced(), true);
    addItem(one, resource, definition, custom);
    if (resource.verbs().contains("delete")) {
      one.set(
          "delete", operation(resource, "delete", SchemaWriter.META + "Status", DELETE_PARAMETERS));
    }
    if (one.size() > 1) {
      paths.set(collection + "/{name}", one);
    }
    if (resource.subresources().contains("status")) {
      ObjectNode status = item(resource.namespaced(), true);
      addItem(status, resource, definition, custom);
      paths.set(collection + "/{name}/status", status);
    }
  }

  private void addItem(
      ObjectNode into, ServedResource resource, String definition, boolean custom) {
    if (resource.verbs().contains("get")) {
      into.set("get", operation(resource, "get", definition, List.of()));
    }
    if (resource.verbs().contains("update")) {
      into.set("put", operation(resource, "put", definition, WRITE_PARAMETERS));
    }
    if (resource.verbs().contains("patch")) {
      ObjectNode patch = operation(resource, "patch", definition, WRITE_PARAMETERS);
      body(patch, custom);
      into.set("patch", patch);
    }
  }

  private void body(ObjectNode patch, boolean custom) {
    ArrayNode consumes = JsonNodeFactory.instance.arrayNode();
    for (PatchType type : PatchType.values()) {
      if (!custom || type != PatchType.STRATEGIC) {
        consumes.add(type.contentType());
      }
    }
    if (!v3) {
      patch.set("consumes", consumes);
      return;
    }
    ObjectNode content = patch.putObject("requestBody").putObject("content");
    consumes.forEach(type -> schema(content, type.asString(), SchemaWriter.META + "Patch"));
  }

  private ObjectNode item(boolean namespaced, boolean named) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    ArrayNode parameters = item.putArray("parameters");
    if (named) {
      parameter(parameters, "name", "path");
    }
    if (namespaced) {
      parameter(parameters, "namespace", "path");
    }
    return item;
  }

  private ObjectNode operation(
      ServedResource resource, String action, String definition, List<String> query) {
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    ArrayNode parameters = operation.putArray("parameters");
    query.forEach(name -> parameter(parameters, name, "query"));
    ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
    if (v3) {
      schema(ok.putObject("content"), "application/json", definition);
    } else {
      ok.putObject("schema").put("$ref", "#/definitions/" + definition);
    }
    operation.put("x-kubernetes-action", action);
    operation.set("x-kubernetes-group-version-kind", SchemaWriter.gvk(resource.gvk()));
    return operation;
  }

  private static void schema(ObjectNode content, String mediaType, String definition) {
    content
        .putObject(mediaType)
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + definition);
  }

  private void parameter(ArrayNode parameters, String name, String in) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    if (in.equals("path")) {
      parameter.put("required", true);
    }
    String type =
        switch (name) {
          case "limit", "timeoutSeconds", "gracePeriodSeconds" -> "integer";
          case "watch", "allowWatchBookmarks", "sendInitialEvents", "orphanDependents" -> "boolean";
          default -> "string";
        };
    if (v3) {
      parameter.putObject("schema").put("type", type);
    } else {
      parameter.put("type", type);
    }
  }
}
