package minik8s.kubelet.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A pod that a file asks for. Immutable. Its uid is a hash of the file's content, so that a changed
 * file is another pod. Source: Kubernetes' {@code pkg/kubelet/config}.
 *
 * @param document as the API server shall have it, but for the mirror's own marks
 */
public record StaticPod(Pod pod, ObjectNode document) {
  static final String HASH = "kubernetes.io/config.hash";
  static final String SOURCE = "kubernetes.io/config.source";
  private static final int UID_LENGTH = 32;

  /**
   * Reads a manifest.
   *
   * @param origin the file, for no two files ask for the same pod
   * @throws IllegalArgumentException when it is no pod
   */
  static StaticPod of(JsonNode manifest, String origin, String node) {
    if (!(manifest instanceof ObjectNode given)
        || !manifest.path("kind").asString("").equals("Pod")) {
      throw new IllegalArgumentException("not a Pod");
    }
    ObjectNode document = given.deepCopy();
    ObjectNode meta = document.withObject("metadata");
    if (meta.path("name").asString("").isEmpty()) {
      throw new IllegalArgumentException("the pod has no name");
    }
    String uid = hash(given + "\n" + node + "\n" + origin);
    meta.put("name", meta.path("name").asString("") + "-" + node);
    if (meta.path("namespace").asString("").isEmpty()) {
      meta.put("namespace", "default");
    }
    meta.withObject("annotations").put(HASH, uid).put(SOURCE, "file");
    ObjectNode spec = document.withObject("spec");
    spec.put("nodeName", node);
    spec.withArray("tolerations").addObject().put("operator", "Exists").put("effect", "NoExecute");
    for (String list : List.of("containers", "initContainers")) {
      spec.path(list).forEach(container -> pullPolicy((ObjectNode) container));
    }
    document.remove("status");
    ObjectNode own = document.deepCopy();
    own.withObject("metadata").put("uid", uid);
    return new StaticPod(Json.read(own, Pod.class), document);
  }

  /** No API server fills in what the file leaves out. */
  private static void pullPolicy(ObjectNode container) {
    if (container.path("imagePullPolicy").asString("").isEmpty()) {
      String image = container.path("image").asString("");
      String name = image.substring(image.lastIndexOf('/') + 1);
      boolean latest = name.endsWith(":latest") || (!name.contains(":") && !name.contains("@"));
      container.put("imagePullPolicy", latest ? "Always" : "IfNotPresent");
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, UID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The document of its mirror: what the API server shows of it, owned by the node. */
  ObjectNode mirror(Node node) {
    ObjectNode mirror = document.deepCopy();
    mirror.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = mirror.withObject("metadata");
    meta.withObject("annotations").put(Pod.MIRROR, pod.uid());
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", node.metadata().name())
        .put("uid", node.uid())
        .put("controller", true);
    return mirror;
  }
}
