package minik8s.scheduler;

import java.util.Map;
import minik8s.api.Node;
import minik8s.api.codec.Json;
import minik8s.scheduler.framework.NodeView;
import tools.jackson.databind.node.ObjectNode;

/** Builds nodes for tests: {@code Nodes.node("a").label("disk", "ssd").build()}. */
public final class Nodes {
  private final ObjectNode document = Json.object();

  private Nodes(String name) {
    document.put("apiVersion", "v1").put("kind", "Node");
    document.putObject("metadata").put("name", name).put("uid", "uid-node-" + name);
    document.putObject("spec");
    offers(Map.of("cpu", "4", "memory", "8Gi", "ephemeral-storage", "100Gi", "pods", "110"));
  }

  /** A node of 4 cores, 8 GiB and room for 110 pods. */
  public static Nodes node(String name) {
    return new Nodes(name);
  }

  public Nodes offers(Map<String, String> amounts) {
    ObjectNode allocatable = document.withObject("status").withObject("allocatable");
    amounts.forEach(allocatable::put);
    return this;
  }

  public Nodes label(String key, String value) {
    document.withObject("metadata").withObject("labels").put(key, value);
    return this;
  }

  public Nodes taint(String key, String value, String effect) {
    document
        .withObject("spec")
        .withArray("taints")
        .addObject()
        .put("key", key)
        .put("value", value)
        .put("effect", effect);
    return this;
  }

  public Nodes cordoned() {
    document.withObject("spec").put("unschedulable", true);
    return this;
  }

  public Nodes image(String name, long bytes) {
    ObjectNode image = document.withObject("status").withArray("images").addObject();
    image.putArray("names").add(name);
    image.put("sizeBytes", bytes);
    return this;
  }

  public ObjectNode document() {
    return document;
  }

  public Node build() {
    return Json.read(document, Node.class);
  }

  public NodeView view() {
    return NodeView.of(build());
  }
}
