package minik8s.testing;

import java.util.Map;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds pod documents for tests: {@code Pods.pod("web").label("app", "web").running().build()}.
 */
public final class Pods {
  private final ObjectNode document = Json.object();

  private Pods(String name) {
    document.put("apiVersion", "v1").put("kind", "Pod");
    document.putObject("metadata").put("name", name).put("namespace", "default");
    document
        .putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "c")
        .put("image", "i");
  }

  public static Pods pod(String name) {
    return new Pods(name);
  }

  public Pods uid(String uid) {
    document.withObject("metadata").put("uid", uid);
    return this;
  }

  public Pods label(String key, String value) {
    document.withObject("metadata").withObject("labels").put(key, value);
    return this;
  }

  public Pods requests(Map<String, String> amounts) {
    ObjectNode requests =
        ((ObjectNode) document.at("/spec/containers/0"))
            .withObject("resources")
            .withObject("requests");
    amounts.forEach(requests::put);
    return this;
  }

  public Pods node(String name) {
    document.withObject("spec").put("nodeName", name);
    return this;
  }

  public Pods phase(String phase) {
    document.withObject("status").put("phase", phase);
    return this;
  }

  /** Running and ready since the start of 2026. */
  public Pods running() {
    phase("Running");
    document
        .withObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("lastTransitionTime", "2026-01-01T00:00:00Z");
    return this;
  }

  /** The document, to change further or to create. */
  public ObjectNode document() {
    return document;
  }

  public Pod build() {
    return Json.read(document, Pod.class);
  }

  public ObjectKey key() {
    return build().key();
  }
}
