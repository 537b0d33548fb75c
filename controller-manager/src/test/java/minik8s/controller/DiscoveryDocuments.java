package minik8s.controller;

import java.util.HashMap;
import java.util.Map;
import minik8s.api.Failure;
import minik8s.api.Resource;
import minik8s.api.codec.Json;
import minik8s.controller.discovery.Discovery;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Discovery documents made of resources; everything can be listed, watched and deleted. */
public final class DiscoveryDocuments {
  private final Map<String, ObjectNode> byPath = new HashMap<>();

  public DiscoveryDocuments serve(Resource<?> resource) {
    ObjectNode groups = byPath.computeIfAbsent("/apis", _ -> Json.object());
    groups.withArray("groups");
    if (!resource.group().isEmpty()) {
      ObjectNode group = groups.withArray("groups").addObject().put("name", resource.group());
      group.putArray("versions").addObject().put("version", resource.version());
      group.putObject("preferredVersion").put("version", resource.version());
    }
    String path = (resource.group().isEmpty() ? "/api/" : "/apis/") + resource.apiVersion();
    ObjectNode entry =
        byPath.computeIfAbsent(path, _ -> Json.object()).withArray("resources").addObject();
    entry.put("name", resource.plural()).put("kind", resource.kind());
    entry.put("namespaced", resource.namespaced());
    entry.putArray("verbs").add("list").add("watch").add("delete").add("get");
    return this;
  }

  /** What the API server would answer. */
  public JsonNode read(String path) {
    ObjectNode found = byPath.get(path);
    if (found == null) {
      throw Failure.noSuchResource().asException();
    }
    return found;
  }

  public Discovery discovery() {
    return new Discovery(this::read);
  }
}
